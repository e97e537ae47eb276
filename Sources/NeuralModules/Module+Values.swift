import DifferentiableTensors
import Requirements

extension Module {
  /// Takes over the values of all tensors of a module of the same structure, matched by path and converted to this element type.
  ///
  /// Traps unless both modules have the same paths, with tensors of the same shapes.
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

  /// This module with the values of another one of the same structure (``takeValues(of:)``). This is how the element type of a module is
  /// changed, for Swift cannot derive `MyModel<Double>` from `MyModel<Float>`. The models of the library have `converted(to:)`.
  /// ```swift
  /// let exact = MyModel<Double>(width: 64, using: &generator).withValues(of: trained)
  /// ```
  public func withValues<Other: Module>(of other: Other) -> Self {
    var result = self
    result.takeValues(of: other)
    return result
  }
}
