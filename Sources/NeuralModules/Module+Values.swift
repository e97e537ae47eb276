import DifferentiableTensors
import Requirements

extension Module {
  /// Takes the values of all tensors of a module of the same structure, by their paths, converted to this element type.
  ///
  /// Traps where the other has no tensor of a path and shape that this one has, or further ones.
  public mutating func takeValues<Other: Module>(of other: Other) {
    var values = Dictionary(other.namedTensors.map { ($0.path, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    forEachTensor { path, _, tensor in
      guard let value = values.removeValue(forKey: path.description) else {
        fatalError("a module with a tensor \(path) is expected, received a \(Other.self) without")
      }
      require(value.shape == tensor.shape, "a tensor \(path) of shape \(tensor.shape) is expected, received \(value.shape)")
      tensor = value.converted(to: Scalar.self)
    }
    require(
      values.isEmpty,
      "a module of the same structure is expected, received one that also has \(values.keys.sorted().joined(separator: ", "))")
  }

  /// This module with the values of another of the same structure (``takeValues(of:)``): how a module gets another element type, since Swift
  /// knows no way from a module of one to the same module of the other. Models bring `converted(to:)`.
  /// ```swift
  /// let exact = MyModel<Double>(width: 64, using: &generator).withValues(of: trained)
  /// ```
  public func withValues<Other: Module>(of other: Other) -> Self {
    var result = self
    result.takeValues(of: other)
    return result
  }
}
