import Requirements

/// A part of an axis in a subscript of a tensor: an integer takes one place and removes the axis, and a range keeps the axis.
public protocol TensorIndex {
  /// The places on an axis of the given size, and whether the axis stays.
  func places(of size: Int) -> (range: Range<Int>, keepsAxis: Bool)
}

extension Int: TensorIndex {
  /// One place, without the axis.
  public func places(of size: Int) -> (range: Range<Int>, keepsAxis: Bool) { (self..<self + 1, false) }
}

extension RangeExpression<Int> {
  /// The range, which where it is not bounded goes up to the ends of the axis.
  public func places(of size: Int) -> (range: Range<Int>, keepsAxis: Bool) { (relative(to: 0..<size), true) }
}
extension Range<Int>: TensorIndex {}
extension ClosedRange<Int>: TensorIndex {}
extension PartialRangeFrom<Int>: TensorIndex {}
extension PartialRangeUpTo<Int>: TensorIndex {}
extension PartialRangeThrough<Int>: TensorIndex {}

/// Parts of a tensor, differentiable: an index or a range for each of the first axes, where an index removes the axis; axes that are not
/// named stay whole.
///
/// ```swift
/// let x = Tensor<Float>.zeros([10, 4, 3])
/// print(x[0..<2].shape)          // [2, 4, 3]
/// print(x[0..., 1].shape)        // [10, 3]
/// print(x[2..., 0, ..<2].shape)  // [8, 2]
/// print(x[9, 0...].shape)        // [4, 3]
/// ```
/// There must be a range among the first four, since indices alone are an element, `x[2, 0, 1]`.
extension Tensor {
  /// The part given by a range and what follows it.
  public subscript(first: some TensorIndex & RangeExpression<Int>, others: any TensorIndex...) -> Tensor { part([first] + others) }

  /// The part given by an index, a range and what follows them.
  public subscript(first: Int, second: some TensorIndex & RangeExpression<Int>, others: any TensorIndex...) -> Tensor {
    part([first, second] + others)
  }

  /// The part given by two indices, a range and what follows them.
  public subscript(first: Int, second: Int, third: some TensorIndex & RangeExpression<Int>, others: any TensorIndex...) -> Tensor {
    part([first, second, third] + others)
  }

  /// The part given by three indices, a range and what follows them.
  public subscript(
    first: Int, second: Int, third: Int, fourth: some TensorIndex & RangeExpression<Int>, others: any TensorIndex...
  ) -> Tensor {
    part([first, second, third, fourth] + others)
  }

  private func part(_ indices: [any TensorIndex]) -> Tensor {
    require(indices.count <= rank, "at most \(rank) indices are expected for shape \(shape), received \(indices.count)")
    var result = self
    var axis = 0
    for (number, index) in indices.enumerated() {
      let (range, keepsAxis) = index.places(of: shape[number])
      require(
        range.lowerBound >= 0 && range.upperBound <= shape[number],
        "places in 0 ..< \(shape[number]) are expected on axis \(number) of \(shape), received \(keepsAxis ? "\(range)" : "\(range.lowerBound)")"
      )
      if range != 0..<shape[number] || !keepsAxis { result = result.sliced(axis: axis, range) }
      if keepsAxis { axis += 1 } else { result = result.squeezed(axis: axis) }
    }
    return result
  }
}
