import RealModule

/// A group of rotations of a regular solid with its multiplication table; each is made once.
struct PolyhedralRotations: Sendable {
  /// The rotations, identity first.
  let rotations: [Rotation3]
  /// The indices of the generators.
  let generators: [Int]
  /// Row-major: the index of the product of rotations i and j.
  private let table: [Int]
  /// The index of each inverse.
  let inverses: [Int]
  /// How each rotation permutes the coordinate axes (T, O) or the five orthogonal triples of two-fold axes (I).
  let permutations: [Permutation]

  var order: Int { rotations.count }

  func product(_ i: Int, _ j: Int) -> Int { table[i * order + j] }

  static let tetrahedral = PolyhedralRotations(generators: [halfTurn, thirdTurn], permuted: [axes[0]])
  static let octahedral = PolyhedralRotations(generators: [quarterTurn, thirdTurn], permuted: [axes[0]])
  static let icosahedral = PolyhedralRotations(generators: [halfTurn, thirdTurn, fifthTurn], permuted: axes)

  private static let axes: [SIMD3<Double>] = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
  private static let halfTurn = Rotation3(axis: axes[2], angle: .pi)
  private static let quarterTurn = Rotation3(axis: axes[2], angle: .pi / 2)
  private static let thirdTurn = Rotation3(axis: SIMD3(1, 1, 1), angle: 2 * .pi / 3)
  private static let fifthTurn = Rotation3(axis: SIMD3(0, 1, goldenRatio), angle: 2 * .pi / 5)

  /// - Parameters:
  ///   - steps: Rotations that generate the group.
  ///   - permuted: Axes; the group permutes the images of this set.
  private init(generators steps: [Rotation3], permuted: [SIMD3<Double>]) {
    func place(of rotation: Rotation3, in list: [Rotation3]) -> Int? { list.firstIndex { $0.distance(to: rotation) < 1e-6 } }
    var found = [Rotation3.identity]
    // What generator k makes of rotation i from the right, and by which step each rotation was reached first.
    var successors: [[Int]] = []
    var origins: [(previous: Int, step: Int)] = [(0, 0)]
    while successors.count < found.count {
      let i = successors.count
      successors.append(
        steps.enumerated().map { k, step in
          let next = (found[i] * step).snapped
          if let known = place(of: next, in: found) { return known }
          found.append(next)
          origins.append((i, k))
          return found.count - 1
        })
    }
    let n = found.count
    var table = [Int](repeating: 0, count: n * n)
    for i in 0..<n {
      table[i * n] = i
      for j in 1..<n { table[i * n + j] = successors[table[i * n + origins[j].previous]][origins[j].step] }
    }
    rotations = found
    generators = successors[0]
    inverses = (0..<n).map { i in (0..<n).first { table[i * n + $0] == 0 }! }
    self.table = table

    func same(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Bool { (a * b).sum().magnitude > 1 - 1e-6 }
    var objects: [[SIMD3<Double>]] = []
    for rotation in found where !objects.joined().contains(where: { same($0, rotation * permuted[0]) }) {
      objects.append(permuted.map { rotation * $0 })
    }
    permutations = found.map { rotation in
      Permutation(unchecked: objects.map { object in objects.firstIndex { $0.contains { same($0, rotation * object[0]) } }! })
    }
  }
}

/// φ = (1 + √5)/2.
let goldenRatio = (1 + Double.sqrt(5)) / 2

extension Rotation3 {
  /// The rotation with the quaternion's components replaced by the nearest ones that occur in polyhedral groups, so that no error accumulates.
  fileprivate var snapped: Rotation3 {
    let values = [0, 0.5, 1, Double.sqrt(0.5), goldenRatio / 2, 0.5 / goldenRatio]
    func nearest(_ v: Double) -> Double {
      let size = values.min { abs(v.magnitude - $0) < abs(v.magnitude - $1) }!
      return v < 0 ? -size : size
    }
    return Rotation3(normalizing: nearest(w), nearest(x), nearest(y), nearest(z))
  }
}
