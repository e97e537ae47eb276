import DifferentiableTensors
import NeuralModules

/// Compares the tensors that a module stores with those that its `visit` names. A forgotten line there would leave a parameter untrained
/// and absent from every checkpoint.
///
/// It works by reflection, on a copy in which every named tensor has been replaced by a numbered marker, and is meant for tests only.
/// ```swift
/// #expect(ParameterAudit(of: model).isClean, "\(ParameterAudit(of: model))")
/// ```
public struct ParameterAudit: Sendable, Equatable, CustomStringConvertible {
  /// Stored tensors that `visit` does not name, by the names of the properties: "layers.0.scale".
  public private(set) var forgotten: [String] = []
  /// Stored tensors that `visit` names more than once, by both paths: "weight = again.weight".
  public private(set) var namedTwice: [String] = []
  /// Paths that two tensors share, one of which would overwrite the other in a checkpoint.
  public private(set) var repeatedPaths: [String] = []
  /// Paths under which `visit` hands out something that is not stored, so that whatever is written there is lost.
  public private(set) var lost: [String] = []

  /// Whether every stored tensor is named exactly once, under a path of its own.
  public var isClean: Bool { forgotten.isEmpty && namedTwice.isEmpty && repeatedPaths.isEmpty && lost.isEmpty }

  /// - Parameters:
  ///   - module: the module to audit.
  ///   - constants: stored tensors, by the names of the properties as in ``forgotten``, that are neither trained nor saved, such as tables.
  public init<M: Module>(of module: M, constants: Set<String> = []) {
    var marked = module
    var paths: [String] = []
    marked.forEachTensor { path, _, tensor in
      let path = path.description
      if paths.contains(path) { repeatedPaths.append(path) }
      if let earlier = Marker.number(of: tensor) { namedTwice.append("\(paths[earlier]) = \(path)") }
      tensor = Marker.tensor(paths.count)
      paths.append(path)
    }
    var found = Set<Int>()
    Self.forEachStoredTensor(in: marked, path: []) { path, tensor in
      if let number = Marker.number(of: tensor) {
        found.insert(number)
      } else if !constants.contains(path) {
        forgotten.append(path)
      }
    }
    let renamed = Set(namedTwice.compactMap { $0.split(separator: " ").first.map(String.init) })
    lost = paths.indices.filter { !found.contains($0) && !renamed.contains(paths[$0]) }.map { paths[$0] }
  }

  /// The text "clean", or what is wrong.
  public var description: String {
    if isClean { return "clean: every stored tensor is named once" }
    let parts = [
      ("not named by visit", forgotten), ("named twice", namedTwice), ("sharing a path", repeatedPaths), ("named, but not stored", lost),
    ]
    return parts.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))" }.joined(separator: "; ")
  }

  /// Structs, tuples, optionals, arrays, dictionaries and enumerations are searched; class instances are not.
  private static func forEachStoredTensor(in value: Any, path: [String], _ body: (String, any TensorValue) -> Void) {
    if let tensor = value as? any TensorValue { return body(path.joined(separator: "."), tensor) }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .class, .none: return
    case .optional:
      for child in mirror.children { forEachStoredTensor(in: child.value, path: path, body) }
    default:
      for (i, child) in mirror.children.enumerated() {
        forEachStoredTensor(in: child.value, path: path + [child.label ?? String(i)], body)
      }
    }
  }
}

/// A tensor that stands for one that was visited: seven axes of size 1, a shape that no parameter has.
private enum Marker {
  static let shape = Shape([Int](repeating: 1, count: 7))

  static func tensor<Scalar: TensorScalar>(_ number: Int) -> Tensor<Scalar> { Tensor([Scalar(number)], shape: shape) }

  static func number(of value: some TensorValue) -> Int? {
    value.tensor.shape == shape ? Int(value.tensor.item) : nil
  }
}
