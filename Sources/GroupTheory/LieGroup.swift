import Requirements

/// A Lie group with coordinates on its algebra.
public protocol LieGroup<Element>: GeneratedGroup {
  /// The dimension of the group and of its algebra.
  var algebraDimension: Int { get }

  /// exp X for the X with the given coordinates.
  func exponential(_ coordinates: [Double]) -> Element

  /// The coordinates of an X with exp X = a, on the branch that the group documents; nil where a has no logarithm (for elements outside the
  /// identity's component).
  func logarithm(of a: Element) -> [Double]?

  /// The bracket [X, Y] in coordinates.
  func bracket(_ x: [Double], _ y: [Double]) -> [Double]
}

extension LieGroup {
  /// Traps unless there is one coordinate for each dimension of the algebra.
  func check(_ coordinates: [Double]) {
    require(
      coordinates.count == algebraDimension,
      "expected \(algebraDimension) coordinates of the Lie algebra, received \(coordinates.count)")
  }
}

/// 2π(2 − φ), the golden angle in radians: of all angles its multiples stay farthest from full turns, |e^{ikα} − 1| > 2/k, so that a
/// null space over generators that turn by it is well separated.
let goldenAngle = 2.399963229728653
