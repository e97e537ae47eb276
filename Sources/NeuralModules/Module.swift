import DifferentiableTensors

/// Something with parameters: a struct that names each of them once, in ``visit(_:)``.
///
/// The same traversal serves gradients, optimizers, averages and checkpoints. A module is a value: training changes a variable of it.
///
/// ```swift
/// struct Scaling: Module {
///   var factor: Tensor<Float>
///   mutating func visit(_ visitor: inout ParameterVisitor<Float>) { visitor("factor", &factor) }
/// }
/// ```
///
/// The compiler reads ``Scalar`` off ``visit(_:)``. Where that is missing, or takes its visitor without `inout`, it says "type 'Scaling' does
/// not conform to protocol 'Module'" and "protocol requires nested type 'Scalar'": write `visit`, not a type `Scalar`. A module without
/// parameters has a `visit` with an empty body.
public protocol Module<Scalar>: Sendable {
  /// The element type of its parameters.
  associatedtype Scalar: TensorScalar
  /// Hands every parameter, buffer and sub-module to the visitor, always in the same order.
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>)
}

/// A module that is a function.
public protocol Layer<Input, Output>: Module {
  /// What it takes.
  associatedtype Input
  /// What it gives.
  associatedtype Output
  /// The value at `input`, in evaluation.
  func callAsFunction(_ input: Input) -> Output
  /// The value at `input` in a pass, which says whether it is one of training; the same as in evaluation where a layer does not tell
  /// otherwise.
  func callAsFunction(_ input: Input, _ pass: inout ForwardPass<Scalar>) -> Output
}

extension Layer {
  /// The value in evaluation: this layer is the same in training.
  public func callAsFunction(_ input: Input, _ pass: inout ForwardPass<Scalar>) -> Output { self(input) }
}

/// What a tensor of a module is for.
public enum ParameterRole: Sendable {
  /// Trained: gets a gradient.
  case parameter
  /// Saved with the parameters, not trained.
  case buffer
}

/// A traversal of the tensors of a module; paths are the names from the root joined by dots, as in PyTorch's `state_dict`.
public struct ParameterVisitor<Scalar: TensorScalar> {
  private var names: [String] = []
  private let body: (_ path: ParameterPath, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) -> Void

  init(_ body: @escaping (ParameterPath, ParameterRole, inout Tensor<Scalar>) -> Void) { self.body = body }

  /// The path of the module that is being visited; empty at the root.
  public var path: String { names.joined(separator: ".") }

  /// A trained tensor.
  public mutating func callAsFunction(_ name: String, _ tensor: inout Tensor<Scalar>) {
    body(ParameterPath(names, name), .parameter, &tensor)
  }
  /// A trained tensor that may be absent.
  public mutating func callAsFunction(_ name: String, _ tensor: inout Tensor<Scalar>?) {
    guard var present = tensor else { return }
    tensor = nil  // so that an update in place finds a single owner
    body(ParameterPath(names, name), .parameter, &present)
    tensor = present
  }
  /// A tensor that is saved but not trained.
  public mutating func buffer(_ name: String, _ tensor: inout Tensor<Scalar>) { body(ParameterPath(names, name), .buffer, &tensor) }
  /// A module inside; an empty name adds nothing to the path.
  public mutating func callAsFunction<M: Module>(_ name: String, _ module: inout M) where M.Scalar == Scalar {
    if !name.isEmpty { names.append(name) }
    module.visit(&self)
    if !name.isEmpty { names.removeLast() }
  }
  /// A module inside that may be absent.
  public mutating func callAsFunction<M: Module>(_ name: String, _ module: inout M?) where M.Scalar == Scalar {
    guard var present = module else { return }
    module = nil
    self(name, &present)
    module = present
  }
  /// Modules inside, named by number from 0, or by `label` of their number.
  public mutating func callAsFunction<M: Module>(_ name: String, _ modules: inout [M], label: (Int) -> String = { String($0) })
  where M.Scalar == Scalar {
    if !name.isEmpty { names.append(name) }
    for i in modules.indices { self(label(i), &modules[i]) }
    if !name.isEmpty { names.removeLast() }
  }
}

/// Where a tensor stands in a module; joined to text only when asked.
public struct ParameterPath: Sendable, CustomStringConvertible {
  private let parents: [String]
  /// The last name.
  public let name: String
  init(_ parents: [String], _ name: String) {
    self.parents = parents
    self.name = name
  }
  /// The path of the module that has the tensor, `layers.0`; empty at the root.
  public var parent: String { parents.joined(separator: ".") }
  /// `layers.0.weight`
  public var description: String { (parents + [name]).joined(separator: ".") }
}

/// A tensor of a module with its path.
public struct NamedTensor<Scalar: TensorScalar>: Sendable {
  /// Names from the root, joined by dots.
  public let path: String
  /// Trained or not.
  public let role: ParameterRole
  /// The values.
  public let tensor: Tensor<Scalar>
}

extension Module {
  /// Calls `body` for every tensor, which it may replace.
  public mutating func forEachTensor(_ body: (ParameterPath, ParameterRole, inout Tensor<Scalar>) -> Void) {
    withoutActuallyEscaping(body) { body in
      var visitor = ParameterVisitor(body)
      visit(&visitor)
    }
  }
  /// All tensors with their paths.
  public var namedTensors: [NamedTensor<Scalar>] {
    var all: [NamedTensor<Scalar>] = []
    var copy = self
    copy.forEachTensor { path, role, tensor in all.append(NamedTensor(path: path.description, role: role, tensor: tensor)) }
    return all
  }
  /// Number of trained numbers.
  public var parameterCount: Int { namedTensors.reduce(0) { $0 + ($1.role == .parameter ? $1.tensor.count : 0) } }
}
