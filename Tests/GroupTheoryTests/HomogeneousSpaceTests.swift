import RealModule
import Testing

@testable import GroupTheory

/// Checks of any homogeneous space, returned as the largest errors.
private struct SpaceCheck<Space: HomogeneousSpace> {
  let space: Space
  var generator = SplitMix64(seed: 41)

  func gap(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { abs($0 - $1) }.max() ?? 0 }

  /// ab·x = a·(b·x), e·x = x, section(x)·x₀ = x, h·x₀ = x₀ for the stabiliser, which is a homomorphism.
  mutating func action() -> Double where Space.Stabilizer: MetricGroup {
    var worst = 0.0
    for _ in 0..<20 {
      let (a, b) = (space.group.randomElement(using: &generator), space.group.randomElement(using: &generator))
      let x = space.act(space.group.randomElement(using: &generator), on: space.basePoint)
      let (h, k) = (space.stabilizer.randomElement(using: &generator), space.stabilizer.randomElement(using: &generator))
      let product = space.group.product(space.motion(ofStabilizer: h), space.motion(ofStabilizer: k))
      worst = max(
        worst, space.distance(space.act(space.group.product(a, b), on: x), space.act(a, on: space.act(b, on: x))),
        space.distance(space.act(space.group.identity, on: x), x),
        space.distance(space.act(space.section(to: x), on: space.basePoint), x),
        space.distance(space.act(space.motion(ofStabilizer: h), on: space.basePoint), space.basePoint),
        space.group.distance(product, space.motion(ofStabilizer: space.stabilizer.product(h, k))))
    }
    return worst
  }

  /// f(g·pair) = f(pair), and the frames find g.
  mutating func invariance(of pairs: [(Space.Point, Space.Point)]) -> Double {
    var worst = 0.0
    for (x, y) in pairs {
      let g = space.group.randomElement(using: &generator)
      let (gx, gy) = (space.act(g, on: x), space.act(g, on: y))
      worst = max(worst, gap(space.pairInvariants(x, y), space.pairInvariants(gx, gy)), transport(from: (x, y), to: (gx, gy)))
    }
    return worst
  }

  /// How far the motion that the frames give misses.
  func transport(from a: (Space.Point, Space.Point), to b: (Space.Point, Space.Point)) -> Double {
    let g = space.group.product(space.pairFrame(b.0, b.1), space.group.inverse(of: space.pairFrame(a.0, a.1)))
    return max(space.distance(space.act(g, on: a.0), b.0), space.distance(space.act(g, on: a.1), b.1))
  }

  /// Over all pairs with equal invariants: the number of them and how far the worst is from being in one orbit.
  func separation(
    of pairs: [(Space.Point, Space.Point)], by invariants: (Space.Point, Space.Point) -> [Double]
  ) -> (coincidences: Int, worst: Double) {
    var (coincidences, worst) = (0, 0.0)
    var classes: [[Int]: (Space.Point, Space.Point)] = [:]
    for pair in pairs {
      let key = invariants(pair.0, pair.1).map { Int(($0 * 1e6).rounded()) }
      if let known = classes[key] {
        coincidences += 1
        worst = max(worst, transport(from: known, to: pair))
      } else {
        classes[key] = pair
      }
    }
    return (coincidences, worst)
  }
}

@Suite struct HomogeneousSpaceTests {
  private let lattice: [SIMD3<Double>] = [-1.0, 0, 1].flatMap { x in [-1.0, 0, 1].flatMap { y in [-1.0, 0, 1].map { SIMD3(x, y, $0) } } }
  private let axes: [SIMD3<Double>] = [
    SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1), SIMD3(-1, 0, 0), SIMD3(0, -1, 0), SIMD3(0, 0, -1),
  ]

  /// Pairs with many coincidences of invariants: neighbours on a lattice, orientations along axes.
  private var orientedPairs: [(OrientedPoint3, OrientedPoint3)] {
    let origin = SIMD3<Double>(0.5, 2, -1)
    return lattice.flatMap { r in
      axes.flatMap { o in axes.map { (OrientedPoint3(origin, unit: o), OrientedPoint3(origin + r, unit: $0)) } }
    }
  }

  private var orientedPairs2: [(OrientedPoint2, OrientedPoint2)] {
    let turns = (0..<8).map { Rotation2(angle: .pi / 4 * Double($0)) }
    return lattice.filter { $0.z == 0 }.flatMap { r in
      turns.flatMap { a in
        turns.map { (OrientedPoint2(position: .zero, direction: a), OrientedPoint2(position: SIMD2(r.x, r.y), direction: $0)) }
      }
    }
  }

  @Test func positionsAndOrientationsInSpace() {
    var check = SpaceCheck(space: PositionOrientationSpace3())
    #expect(check.action() < 4e-15)
    #expect(check.invariance(of: orientedPairs) < 1e-14)
    let (coincidences, worst) = check.separation(of: orientedPairs, by: check.space.pairInvariants)
    #expect(coincidences > 900 && worst < 1e-14)
    // The three invariants of the literature, and the five without the determinant, confuse different orbits.
    #expect(check.separation(of: orientedPairs, by: check.space.ponitaInvariants).worst > 1)
    #expect(check.separation(of: orientedPairs) { check.space.pairInvariants($0, $1).dropLast() }.worst > 1)
  }

  @Test func positionsAndDirectionsInThePlane() {
    var check = SpaceCheck(space: PositionOrientationSpace2())
    #expect(check.action() < 4e-15)
    #expect(check.invariance(of: orientedPairs2) < 1e-14)
    let (coincidences, worst) = check.separation(of: orientedPairs2, by: check.space.pairInvariants)
    // 576 pairs; with r = 0 there are 8 orbits, else 8 directions of r times 2 lengths times 8 directions of o.
    #expect(coincidences == 576 - 136 && worst < 1e-14)
    #expect(check.separation(of: orientedPairs2, by: check.space.ponitaInvariants).worst > 1)
  }

  @Test func euclideanSpaces() {
    var space = SpaceCheck(space: EuclideanSpace3())
    let pairs = lattice.flatMap { x in lattice.map { (x, $0) } }
    #expect(space.action() < 4e-15)
    #expect(space.invariance(of: pairs) < 1e-14)
    #expect(space.separation(of: pairs, by: space.space.pairInvariants).worst < 1e-14)
    var plane = SpaceCheck(space: EuclideanSpace2())
    let flat = pairs.map { (SIMD2($0.x, $0.y), SIMD2($1.x, $1.y)) }
    #expect(plane.action() < 4e-15)
    #expect(plane.invariance(of: flat) < 1e-14)
    #expect(plane.separation(of: flat, by: plane.space.pairInvariants).worst < 1e-14)
    // A constant is invariant but labels nothing.
    #expect(plane.separation(of: flat) { _, _ in [0] }.worst > 1)
  }

  @Test func groupsActingOnThemselves() {
    var generator = SplitMix64(seed: 42)
    var space = SpaceCheck(space: SE3().asSpace)
    let motions = SE3().randomElements(10, using: &generator)
    let pairs = motions.flatMap { x in motions.map { (x, x * $0) } }
    #expect(space.action() < 1e-14)
    #expect(space.invariance(of: pairs) < 2e-14)
    let (coincidences, worst) = space.separation(of: pairs, by: space.space.pairInvariants)
    #expect(coincidences == 90 && worst < 2e-14)
    var plane = SpaceCheck(space: SE2().asSpace)
    let motions2 = SE2().randomElements(10, using: &generator)
    let pairs2 = motions2.flatMap { x in motions2.map { (x, x * $0) } }
    #expect(plane.action() < 1e-14)
    #expect(plane.invariance(of: pairs2) < 2e-14)
    #expect(plane.separation(of: pairs2, by: plane.space.pairInvariants).coincidences == 90)
    // A constant is invariant but labels nothing.
    #expect(space.separation(of: pairs) { _, _ in [0] }.worst > 1)
  }

  /// The orbits of pairs have 5 + 5 − 6 = 4 dimensions; the fourth, which the literature's three invariants miss, is the turn of o_j about
  /// o_i.
  @Test func theFourthInvariant() {
    let space = PositionOrientationSpace3()
    let o: [SIMD3<Double>] = [SIMD3(0.6, 0, 0.8), SIMD3(0, 0.28, 0.96)]
    let receiver = OrientedPoint3(.zero, unit: o[0])
    for angle in [0.1, 1, 3] {
      let sender = OrientedPoint3(SIMD3(1, 2, -0.5), unit: o[1])
      let turned = OrientedPoint3(sender.position, unit: Rotation3(axis: o[0], angle: angle) * o[1])
      let same = zip(space.ponitaInvariants(receiver, sender), space.ponitaInvariants(receiver, turned)).map { abs($0 - $1) }
      let different = zip(space.pairInvariants(receiver, sender), space.pairInvariants(receiver, turned)).map { abs($0 - $1) }
      #expect(same.max()! < 1e-15 && different.max()! > 0.05)
    }
  }

  @Test func agreesWithPonita() throws {
    let points = try PonitaReference.points.map {
      try OrientedPoint3(position: SIMD3($0[0..<3]), orientation: SIMD3($0[3..<6]))
    }
    for (sender, receiver, expected) in PonitaReference.edges {
      let ours = PositionOrientationSpace3().ponitaInvariants(points[receiver], points[sender])
      for (a, b) in zip(ours, expected) { #expect(abs(a - b) < 1e-15) }
    }
    #expect(PonitaReference.edges.count == 21)
  }

  @Test func sectionsAtThePoles() throws {
    let space = PositionOrientationSpace3()
    for o in [SIMD3<Double>(0, -1, 0), SIMD3(1e-9, -1, 0), SIMD3(0, -1, 1e-200), SIMD3(0, 1, 0), SIMD3(-1e-5, -1, 2e-5)] {
      let x = try OrientedPoint3(position: SIMD3(1, 2, 3), orientation: o)
      #expect(space.distance(space.act(space.section(to: x), on: space.basePoint), x) < 2e-15)
    }
    #expect(throws: GroupElementError.degenerateDirection(norm: 0)) { try OrientedPoint3(position: .zero, orientation: .zero) }
  }

  @Test func vectorsOfAnySize() throws {
    for size in [1e-200, 1e200] {
      let distance = EuclideanSpace3().distance(.zero, SIMD3(3 * size, 0, 4 * size))
      #expect(abs(distance / size - 5) < 1e-14)
      let frame = EuclideanSpace3().pairFrame(.zero, SIMD3(size, 0, 0))
      let image: SIMD3<Double> = frame.linear * SIMD3(0, 1, 0)
      #expect(abs(image.x - 1) < 1e-15)
      let point = try OrientedPoint3(position: .zero, orientation: SIMD3(0, 0, -size))
      #expect(point.orientation == SIMD3(0, 0, -1))
    }
  }
}
