import RealModule
import Testing

@testable import GroupTheory

/// The irreps of a group, without its types.
struct IrrepsCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// The violations of each irrep that has some, by its name.
  let violations: @Sendable () -> [String: [LawViolation]]
  /// The largest overlap ⟨χ χ′⟩ of two different irreps, and Σ d²/type − |G| for finite groups.
  let overlap: @Sendable () -> (largest: Double, missing: Double)
  var testDescription: String { name }

  init<G: GroupWithIrreps>(_ name: String, _ group: G, upTo degree: Int = 4, tolerance: Double = 1e-14) {
    self.name = name
    violations = {
      var generator = SplitMix64(seed: 31)
      var result: [String: [LawViolation]] = [:]
      for irrep in group.irreps(upTo: degree) {
        let violations = RepresentationLaws(irrep, of: group, tolerance: tolerance).violations(using: &generator)
        if !violations.isEmpty { result["\(irrep)"] = violations }
      }
      return result
    }
    overlap = {
      var generator = SplitMix64(seed: 32)
      let irreps = group.irreps(upTo: degree)
      guard let finite = group as? any FiniteGroup<G.Element> else {
        // 4000 samples of bounded characters: standard errors below 4 · 4 / √4000 = 0.25.
        let sample = group.randomElements(4000, using: &generator)
        return (Self.largestOverlap(irreps, sample.map { ($0, 1 / 4000.0) }) - 0.4, 0)
      }
      let dimensions = irreps.reduce(0) { $0 + $1.dimension * $1.dimension / $1.frobeniusSchurType.endomorphismDimension }
      return (Self.largestOverlap(irreps, Self.classes(finite)), Double(dimensions - finite.order))
    }
  }

  private static func classes<F: FiniteGroup>(_ group: F) -> [(F.Element, Double)] {
    group.conjugacyClasses.map { ($0[0], Double($0.count) / Double(group.order)) }
  }

  private static func largestOverlap<R: IrreducibleRepresentation>(_ irreps: [R], _ weighted: [(R.Element, Double)]) -> Double {
    let characters = irreps.map { irrep in weighted.map { irrep.character(of: $0.0) } }
    var worst = 0.0
    for i in irreps.indices {
      for j in 0..<i {
        worst = max(worst, abs(weighted.indices.reduce(0) { $0 + weighted[$1].1 * characters[i][$1] * characters[j][$1] }))
      }
    }
    return worst
  }

  static let all: [IrrepsCase] =
    [
      IrrepsCase("SO(2)", SO2(), upTo: 9, tolerance: 4e-14),
      IrrepsCase("O(2)", O2(), upTo: 9, tolerance: 4e-14),
      IrrepsCase("SO(2) x O(2)", DirectProduct(SO2(), O2()), upTo: 2),
      IrrepsCase("the torus SO(2) x SO(2)", DirectProduct(SO2(), SO2()), upTo: 2),
      IrrepsCase("T x C3", DirectProduct(PointGroup.t, CyclicGroup(3))),
      IrrepsCase("D3 x C2", DirectProduct(DihedralGroup(3), CyclicGroup(2))),
      IrrepsCase("Q8", QuaternionGroup()),
    ]
    + [1, 2, 3, 4, 7, 12].map { IrrepsCase("C\($0)", CyclicGroup($0)) }
    + [1, 2, 3, 4, 7, 12].map { IrrepsCase("D\($0)", DihedralGroup($0)) }
    + (0...5).map { IrrepsCase("S\($0)", SymmetricGroup($0)) }
    + PointGroup.allCases.map { IrrepsCase($0.rawValue, $0) }
}

@Suite struct IrrepsTests {
  @Test(arguments: IrrepsCase.all) func areIrreducible(irreps: IrrepsCase) { #expect(irreps.violations() == [:]) }

  @Test(arguments: IrrepsCase.all) func areDifferentAndComplete(irreps: IrrepsCase) {
    let (largest, missing) = irreps.overlap()
    #expect(largest < 1e-13)
    #expect(missing == 0)
  }

  /// Characters of the polyhedral groups as in the tables of any textbook (Altmann and Herzig 1994), by the angle of the rotation.
  @Test func characterTablesOfThePolyhedralGroups() throws {
    let golden = (1 + Double.sqrt(5)) / 2
    // Class representatives by angle: 0, 2π/5, 4π/5, 2π/3, π.
    let icosahedral: [String: [Double]] = [
      "A": [1, 1, 1, 1, 1], "T1": [3, golden, 1 - golden, 0, -1], "T2": [3, 1 - golden, golden, 0, -1],
      "G": [4, -1, -1, 1, 0], "H": [5, 0, 0, -1, 1],
    ]
    let angles = [0, 2 * Double.pi / 5, 4 * .pi / 5, 2 * .pi / 3, .pi]
    for irrep in PointGroup.i.irreps {
      for a in PointGroup.i.elements {
        let angle = PointGroup.i.orthogonalElement(of: a).rotation.angle
        let place = try #require(angles.firstIndex { abs($0 - angle) < 1e-12 })
        #expect(abs(irrep.character(of: a) - icosahedral["\(irrep)"]![place]) < 1e-14)
      }
    }
    // O by class: 1, 8 C3, 3 C2 (= C4²), 6 C4, 6 C2′. The same for T_d: 1, 8 C3, 3 C2, 6 S4, 6 σd.
    let octahedral: [String: [Double]] = [
      "A1": [1, 1, 1, 1, 1], "A2": [1, 1, 1, -1, -1], "E": [2, -1, 2, 0, 0], "T1": [3, 0, -1, 1, -1], "T2": [3, 0, -1, -1, 1],
    ]
    for group in [PointGroup.o, .td] {
      for irrep in group.irreps {
        for a in group.elements {
          let rotation = group.orthogonalElement(of: a).rotation
          let diagonal = abs(rotation.axis.x) + abs(rotation.axis.y) + abs(rotation.axis.z) > 1.1
          let place = [0: 0, 120: 1, 180: diagonal ? 4 : 2, 90: 3][Int((rotation.angle * 180 / .pi).rounded())]!
          #expect(abs(irrep.character(of: a) - octahedral["\(irrep)"]![place]) < 1e-14)
        }
      }
    }
    let e = PointGroup.t.irreps[1]
    #expect(e.frobeniusSchurType == .complex && e.description == "E" && PointGroup.th.irreps[5].description == "Tu")
  }

  @Test func orthogonalElementsMultiplyAsIndicesDo() {
    for (group, order) in zip(PointGroup.allCases, [12, 24, 60, 24, 24, 48, 120]) {
      #expect(group.order == order)
      var generator = SplitMix64(seed: 33)
      for (a, b) in zip(group.randomElements(100, using: &generator), group.randomElements(100, using: &generator)) {
        let product = group.orthogonalElement(of: a) * group.orthogonalElement(of: b)
        #expect(product.distance(to: group.orthogonalElement(of: group.product(a, b))) < 1e-15)
      }
      let images = group.elements.map { group.orthogonalElement(of: $0) }
      #expect(images.allSatisfy { a in images.count { $0.distance(to: a) < 0.1 } == 1 })
    }
    // T_d maps the tetrahedron (1, 1, 1), (1, −1, −1), ... to itself; T_h does not.
    let corner = SIMD3<Double>(1, 1, 1)
    func keeps(_ group: PointGroup) -> Bool {
      group.elements.allSatisfy { a in
        let image = group.orthogonalElement(of: a) * corner
        return image.x * image.y * image.z > 0
      }
    }
    #expect(keeps(.t) && keeps(.td) && !keeps(.th) && !keeps(.o))
  }

  @Test func brokenIrrepsAreRejected() {
    struct Claimed: IrreducibleRepresentation {
      let dimension: Int
      let angle: Int
      let types: Int
      func callAsFunction(_ g: Rotation2) -> Matrix<Double> {
        let turn = g.power(angle).matrix
        return dimension == 2 ? turn : turn.directSum(turn)
      }
      var endomorphisms: [Matrix<Double>] {
        dimension == 2
          ? [.identity(2), quarterTurn, .diagonal([1, -1])].prefix(types) + [] : [.identity(4), quarterTurn.directSum(quarterTurn)]
      }
      var description: String { "" }
    }
    func broken(_ claimed: Claimed) -> [LawViolation.Law] {
      var generator = SplitMix64(seed: 34)
      return RepresentationLaws(claimed, of: SO2(), tolerance: 1e-14).violations(using: &generator).map(\.law)
    }
    #expect(broken(Claimed(dimension: 2, angle: 1, types: 2)) == [])
    // A complex irrep that claims to be of the real type, one that claims too much, a sum, the trivial representation in two dimensions.
    #expect(broken(Claimed(dimension: 2, angle: 1, types: 1)) == [.irreducibility])
    #expect(broken(Claimed(dimension: 2, angle: 1, types: 3)) == [.endomorphisms, .irreducibility])
    #expect(broken(Claimed(dimension: 4, angle: 1, types: 2)) == [.irreducibility])
    #expect(broken(Claimed(dimension: 2, angle: 0, types: 2)) == [.irreducibility])
  }
}
