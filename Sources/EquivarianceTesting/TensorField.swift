import DifferentiableTensors

/// A `Tensor` of either element type, by which ``Action`` and ``ParameterAudit`` refer to tensors without naming the type.
public protocol TensorValue<Scalar> {
  /// The element type.
  associatedtype Scalar: TensorScalar
  /// The value as a tensor.
  var tensor: Tensor<Scalar> { get }
  /// The value with the given tensor.
  init(tensor: Tensor<Scalar>)
}

extension Tensor: TensorValue {
  /// The tensor itself.
  public var tensor: Tensor { self }
  /// The same tensor.
  public init(tensor: Tensor) { self = tensor }
}

/// A named tensor inside a value. Those of an output are compared, and gradients are taken with respect to those of an input.
public struct TensorField<Value> {
  /// The name of the tensor in reports; empty for a value that is a tensor itself.
  public let name: String
  let read: (Value) -> any TensorValue
  /// Traps where the tensor has another element type.
  let write: (inout Value, any TensorValue) -> Void

  /// The tensor at a key path.
  public init<Scalar: TensorScalar>(_ name: String, _ path: WritableKeyPath<Value, Tensor<Scalar>>) {
    self.name = name
    read = { $0[keyPath: path] }
    write = { value, tensor in value[keyPath: path] = Self.cast(tensor) }
  }

  /// The value itself.
  init() where Value: TensorValue {
    name = ""
    read = { $0.tensor }
    write = { value, tensor in value = Value(tensor: Self.cast(tensor)) }
  }

  /// A field of a part of the value.
  init<Part>(_ name: String, _ path: WritableKeyPath<Value, Part>, _ field: TensorField<Part>) {
    self.name = [name, field.name].filter { !$0.isEmpty }.joined(separator: ".")
    read = { field.read($0[keyPath: path]) }
    write = { value, tensor in field.write(&value[keyPath: path], tensor) }
  }

  private static func cast<Scalar>(_ tensor: any TensorValue) -> Tensor<Scalar> {
    guard let same = tensor as? Tensor<Scalar> else {
      fatalError("a Tensor<\(Scalar.self)> is expected, received a \(type(of: tensor))")
    }
    return same
  }
}
