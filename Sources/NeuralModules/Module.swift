import DifferentiableTensors

/// A value with parameters: a struct that names each of them once, in ``visit(_:)``.
///
/// The same traversal serves gradients, optimizers, averages and checkpoints. Since a module is a value, training changes the variable that
/// holds it.
///
/// ```swift
/// struct Scaling: Module {
///   var factor: Tensor<Float>
///   mutating func visit(_ visitor: inout ParameterVisitor<Float>) { visitor("factor", &factor) }
/// }
/// ```
///
/// The compiler infers ``Scalar`` from ``visit(_:)``. If that is missing, or takes its visitor without `inout`, the compiler says "type
/// 'Scaling' does not conform to protocol 'Module'" and "protocol requires nested type 'Scalar'"; the cure is to write `visit`, not a type
/// `Scalar`. A module without parameters has a `visit` with an empty body.
public protocol Module<Scalar>: Sendable {
  /// The element type of its parameters.
  associatedtype Scalar: TensorScalar
  /// Hands every parameter, buffer and submodule to the visitor, always in the same order.
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>)
}

/// A module that is a function.
public protocol Layer<Input, Output>: Module {
  /// The type of the inputs.
  associatedtype Input
  /// The type of the outputs.
  associatedtype Output
  /// The value at `input`, in evaluation.
  func callAsFunction(_ input: Input) -> Output
  /// The value at `input` in a pass of training or evaluation. By default it is the value in evaluation.
  func callAsFunction(_ input: Input, _ pass: inout ForwardPass<Scalar>) -> Output
}

extension Layer {
  /// The value in evaluation, for a layer that behaves the same in training.
  public func callAsFunction(_ input: Input, _ pass: inout ForwardPass<Scalar>) -> Output { self(input) }
}

/// What a tensor of a module is for.
public enum ParameterRole: Sendable {
  /// A tensor that is trained and has a gradient.
  case parameter
  /// A tensor that is saved with the parameters but not trained.
  case buffer
}

/// A traversal of the tensors of a module. A path consists of the names from the root, joined by dots, as in PyTorch's `state_dict`.
public struct ParameterVisitor<Scalar: TensorScalar> {
  private var names: [String] = []
  private let body: (_ path: ParameterPath, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) -> Void

  init(_ body: @escaping (ParameterPath, ParameterRole, inout Tensor<Scalar>) -> Void) { self.body = body }

  /// The path of the module that is being visited; empty at the root.
  public var path: String { names.joined(separator: ".") }

  /// Visits a trained tensor.
  public mutating func callAsFunction(_ name: String, _ tensor: inout Tensor<Scalar>) {
    body(ParameterPath(names, name), .parameter, &tensor)
  }
  /// Visits a trained tensor, unless it is nil.
  public mutating func callAsFunction(_ name: String, _ tensor: inout Tensor<Scalar>?) {
    guard var present = tensor else { return }
    tensor = nil  // so that an update in place finds a single owner
    body(ParameterPath(names, name), .parameter, &present)
    tensor = present
  }
  /// Visits a tensor that is saved but not trained.
  public mutating func buffer(_ name: String, _ tensor: inout Tensor<Scalar>) { body(ParameterPath(names, name), .buffer, &tensor) }
  /// Visits a submodule. An empty name adds nothing to the path.
  public mutating func callAsFunction<M: Module>(_ name: String, _ module: inout M) where M.Scalar == Scalar {
    if !name.isEmpty { names.append(name) }
    module.visit(&self)
    if !name.isEmpty { names.removeLast() }
  }
  /// Visits a submodule, unless it is nil.
  public mutating func callAsFunction<M: Module>(_ name: String, _ module: inout M?) where M.Scalar == Scalar {
    guard var present = module else { return }
    module = nil
    self(name, &present)
    module = present
  }
  /// Visits submodules, which are named by their numbers from 0, or by `label` of the number.
  public mutating func callAsFunction<M: Module>(_ name: String, _ modules: inout [M], label: (Int) -> String = { String($0) })
  where M.Scalar == Scalar {
    if !name.isEmpty { names.append(name) }
    for i in modules.indices { self(label(i), &modules[i]) }
    if !name.isEmpty { names.removeLast() }
  }
}

/// The place of a tensor in a module. The text is only made when it is asked for.
public struct ParameterPath: Sendable, CustomStringConvertible {
  private let parents: [String]
  /// The last name of the path.
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
  /// The names from the root, joined by dots.
  public let path: String
  /// Whether the tensor is trained.
  public let role: ParameterRole
  /// The tensor itself.
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
  /// The number of elements of all trained tensors.
  public var parameterCount: Int { namedTensors.reduce(0) { $0 + ($1.role == .parameter ? $1.tensor.count : 0) } }
}
