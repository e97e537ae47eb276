import DifferentiableTensors
import GroupTheory
import NeuralModules
import RealModule
import Requirements

/// The orientations that all positions share: points of S², S¹ or SO(3) with quadrature weights. They are buffers, which are saved with the
/// model that has them.
///
/// An orientation is a list of k axes in ℝᵈ: one for a direction (k = 1), or all d for a frame (the columns of a rotation). Where the
/// opposite of each direction is a direction of the grid, direction o + n/2 is that of direction o, so that kernels of an edge and of its
/// reverse share their rows (`orientationConvolution`).
public struct OrientationGrid<Scalar: TensorScalar>: Module {
  /// The axes, [n, k, d].
  public var axes: Tensor<Scalar>
  /// The weights, [n], of sum 1.
  public var weights: Tensor<Scalar>

  /// The number of orientations n.
  public var count: Int { axes.shape[0] }
  /// k: 1 for directions, d for frames.
  public var axesPerOrientation: Int { axes.shape[1] }
  /// The dimension d of space.
  public var dimension: Int { axes.shape[2] }

  /// A grid of orthonormal axes [n, k, d], with k = 1 or k = d, and weights [n], put in the order of antipodes where there are any; without
  /// weights, all are equal.
  public init(axes: Tensor<Scalar>, weights: Tensor<Scalar>? = nil) {
    require(
      axes.rank == 3 && axes.shape[0] > 0 && [1, axes.shape[2]].contains(axes.shape[1]) && [2, 3].contains(axes.shape[2]),
      "axes [n, 1 or d, d] are expected for d = 2 or 3, received \(axes.shape)")
    let n = axes.shape[0]
    let weights = weights ?? Tensor(repeating: 1 / Scalar(n), shape: [n])
    require(weights.shape == [n], "weights [\(n)] are expected, received \(weights.shape)")
    (self.axes, self.weights) = (axes, weights)
    let images = self.images { $0.map { -$0 } }
    guard axesPerOrientation == 1, !images.contains(nil) else { return }
    let first = (0..<n).filter { $0 < images[$0]! }
    let order = RowIndex(first + first.map { images[$0]! }, rowCount: n)
    (self.axes, self.weights) = (axes.gathered(order), weights.gathered(order))
  }

  /// A grid by a rule; random ones take their points from `generator`.
  public init(_ rule: OrientationRule, using generator: inout some RandomNumberGenerator) {
    func tensor(_ rows: [[Double]], _ k: Int) -> Tensor<Scalar> {
      Tensor(rows.flatMap { $0.map { Scalar($0) } }, shape: [rows.count, k, rows[0].count / k])
    }
    switch rule {
    case .circle(let n):
      require(n >= 1, "expected at least 1 direction, received \(n)")
      self.init(axes: tensor((0..<n).map { 2 * .pi * Double($0) / Double(n) }.map { [Double.cos($0), Double.sin($0)] }, 1))
    case .rotations(let group):
      let elements = group.elements.map { group.orthogonalElement(of: $0) }
      require(!elements.contains { $0.isImproper }, "expected a group of rotations, T, O or I, received \(group)")
      self.init(axes: tensor(elements.map { $0.matrix.transposed.elements }, 3))
    case .haar(let degree):
      let nodes = SO3().haarQuadrature(forDegree: degree).nodes(of: SO3())
      self.init(axes: tensor(nodes.map { $0.element.matrix.transposed.elements }, 3), weights: Tensor(nodes.map { Scalar($0.weight) }))
    default:
      let points = rule.spherePoints(using: &generator)!
      self.init(axes: tensor(points.points.map { [$0.x, $0.y, $0.z] }, 1), weights: Tensor(points.weights.map { Scalar($0) }))
    }
  }

  /// Whether orientation o + n/2 is the opposite of orientation o, for every o.
  public var isAntipodal: Bool {
    guard axesPerOrientation == 1, count % 2 == 0 else { return false }
    return images { $0.map { -$0 } }.enumerated().allSatisfy { $1 == ($0 + count / 2) % count }
  }

  /// Whether changes of signs of coordinates leave the grid and its weights as they are: all such changes or, for frames and in the plane,
  /// whose kernels tell mirror images apart, those that are rotations.
  public var isSignSymmetric: Bool {
    let d = dimension
    let mirrors = axesPerOrientation == 1 && d == 3
    let weights = self.weights.converted(to: Double.self).elements
    return (1..<1 << d).allSatisfy { flips in
      if !mirrors, flips.nonzeroBitCount % 2 == 1 { return true }
      let images = self.images { axes in axes.enumerated().map { flips >> ($0 % d) & 1 == 1 ? -$1 : $1 } }
      return images.enumerated().allSatisfy { k, image in image.map { abs(weights[$0] - weights[k]) < tolerance } ?? false }
    }
  }

  /// The differences that count as rounding.
  private var tolerance: Double { 16 * Double(Scalar.ulpOfOne) }

  /// The orientation that each one becomes under a map of its axes [k d], where there is one.
  private func images(of map: ([Double]) -> [Double]) -> [Int?] {
    let width = axes.count / count
    let values = axes.converted(to: Double.self).elements
    let rows = (0..<count).map { Array(values[$0 * width..<($0 + 1) * width]) }
    return rows.map { row in
      let image = map(row)
      return rows.firstIndex { zip($0, image).allSatisfy { abs($0 - $1) < tolerance } }
    }
  }

  /// A whole frame for each orientation, [n, d, d]: its axes, completed to an orthonormal basis by two more for a direction in space, and
  /// by its left normal in the plane.
  var frames: Tensor<Scalar> {
    let d = dimension
    guard axesPerOrientation == 1 else { return axes }
    let values = axes.converted(to: Double.self).elements
    return Tensor(
      (0..<count).flatMap { k -> [Scalar] in
        let o = Array(values[k * d..<(k + 1) * d])
        if d == 2 { return [o[0], o[1], -o[1], o[0]].map { Scalar($0) } }
        // The coordinate axis that is furthest from o.
        let far = o.indices.min { o[$0].magnitude < o[$1].magnitude }!
        let u = orthonormalized(o.indices.map { $0 == far ? 1 : 0 }, to: [o])
        let v = [o[1] * u[2] - o[2] * u[1], o[2] * u[0] - o[0] * u[2], o[0] * u[1] - o[1] * u[0]]
        return (o + u + v).map { Scalar($0) }
      }, shape: [count, d, d])
  }

  /// Visits the buffers axes and weights.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor.buffer("axes", &axes)
    visitor.buffer("weights", &weights)
  }
}
