import RealModule
import Testing

@testable import GroupTheory

/// A group with the tolerance to which its laws hold and a name, without its types: what a parameterised test takes.
struct GroupCase: Sendable, CustomTestStringConvertible {
  let name: String
  let violations: @Sendable () -> [LawViolation]
  var testDescription: String { name }

  init<G: MetricGroup>(_ name: String, _ group: G, tolerance: Double = 0, defect: @escaping @Sendable (G.Element) -> Double = { _ in 0 }) {
    self.name = name
    violations = {
      var generator = SplitMix64(seed: 21)
      return GroupLaws(group, tolerance: tolerance, defect: defect).violations(using: &generator)
    }
  }

  static let euclidean2 = SemidirectProduct(Translations(2), O2()) { g, v in
    let image = g * SIMD2(v[0], v[1])
    return [image.x, image.y]
  }
  static let torusFlip = SemidirectProduct(SO2(), CyclicGroup(2)) { $0 == 0 ? $1 : $1.inverse }
  static let frobenius = SemidirectProduct(CyclicGroup(7), CyclicGroup(3)) { h, n in n * [1, 2, 4][h] % 7 }

  private static func euclidean(_ d: Int) -> [GroupCase] {
    let groups: [(String, EuclideanGroup)] = [("O", .o(d)), ("SO", .so(d)), ("E", .e(d)), ("SE", .se(d))]
    return groups.map { name, group in
      GroupCase("\(name)(\(d)) as matrices", group, tolerance: 4e-14) { g in
        let defect = (g.linear.transposed * g.linear).distance(to: .identity(d))
        return group.hasReflections ? defect : defect + abs(g.linear.determinant - 1)
      }
    }
  }

  /// Every group of the library.
  static let all: [GroupCase] =
    [
      GroupCase("SO(2)", SO2(), tolerance: 4e-15) { abs(Double.hypot($0.cosine, $0.sine) - 1) },
      GroupCase("O(2)", O2(), tolerance: 4e-15) { abs($0.matrix.determinant - Double($0.parity)) },
      GroupCase("SO(3)", SO3(), tolerance: 4e-15) { ($0.matrix.transposed * $0.matrix).distance(to: .identity(3)) },
      GroupCase("O(3)", O3(), tolerance: 4e-15) { abs($0.matrix.determinant - Double($0.parity)) },
      GroupCase("SE(2)", SE2(translationScale: 3), tolerance: 4e-14),
      GroupCase("SE(3)", SE3(translationScale: 3), tolerance: 4e-14) { $0.linear.isImproper ? 1 : 0 },
      GroupCase("E(3)", E3(translationScale: 3), tolerance: 4e-14),
      GroupCase("R^4", Translations(4), tolerance: 4e-15),
      GroupCase("R^0", Translations(0)),
      GroupCase("SO(3) x O(2)", DirectProduct(SO3(), O2()), tolerance: 4e-15),
      GroupCase("SO(2) x SO(2)", DirectProduct(SO2(), SO2()), tolerance: 4e-15),
      GroupCase("SE(2) x R", DirectProduct(SE2(), Translations(1)), tolerance: 4e-14),
      GroupCase("C3 x D4", DirectProduct(CyclicGroup(3), DihedralGroup(4))),
      GroupCase("E(2) as a semidirect product", euclidean2, tolerance: 4e-14),
      GroupCase("O(2) as a semidirect product", torusFlip, tolerance: 4e-15),
      GroupCase("the Frobenius group of order 21", frobenius),
      GroupCase("Q8", QuaternionGroup()),
    ]
    + (1...4).flatMap { euclidean($0) }
    + [1, 2, 3, 4, 7, 12].map { GroupCase("C\($0)", CyclicGroup($0)) }
    + [1, 2, 3, 4, 7].map { GroupCase("D\($0)", DihedralGroup($0)) }
    + [0, 1, 2, 3, 5, 7].map { GroupCase("S\($0)", SymmetricGroup($0)) }
    + PointGroup.allCases.map { GroupCase($0.rawValue, $0) }
}

@Suite struct AllGroupsTests {
  @Test(arguments: GroupCase.all) func keepsItsLaws(group: GroupCase) { #expect(group.violations() == []) }

  // Broken groups, each wrong in one respect and rejected for it.

  enum Fault: CaseIterable { case none, uniformAngle, properOnly, missingComponent, oneAxis, wrongBracket, logarithm, metric }

  struct BrokenO3: LieGroup, CompactGroup {
    let fault: Fault
    var identity: OrthogonalElement { .identity }
    var algebraDimension: Int { 3 }
    func product(_ a: OrthogonalElement, _ b: OrthogonalElement) -> OrthogonalElement { a * b }
    func inverse(of a: OrthogonalElement) -> OrthogonalElement { a.inverse }
    func distance(_ a: OrthogonalElement, _ b: OrthogonalElement) -> Double {
      fault == .metric ? abs(a.rotation.angle - b.rotation.angle + (a.isImproper ? 1 : 0)) : a.distance(to: b)
    }
    var generators: [OrthogonalElement] {
      switch fault {
      case .missingComponent: Array(O3().generators.dropLast())
      case .oneAxis: Array(O3().generators.dropFirst())
      default: O3().generators
      }
    }
    func randomElement(using generator: inout some RandomNumberGenerator) -> OrthogonalElement {
      let g = O3().randomElement(using: &generator)
      switch fault {
      case .uniformAngle:
        return OrthogonalElement(Rotation3(axis: g.rotation.axis, angle: .pi * generator.uniform()), isImproper: g.isImproper)
      case .properOnly: return OrthogonalElement(g.rotation)
      default: return g
      }
    }
    func exponential(_ coordinates: [Double]) -> OrthogonalElement { O3().exponential(coordinates) }
    func logarithm(of a: OrthogonalElement) -> [Double]? {
      O3().logarithm(of: a).map { fault == .logarithm ? $0.map { -$0 } : $0 }
    }
    func bracket(_ x: [Double], _ y: [Double]) -> [Double] { fault == .wrongBracket ? O3().bracket(y, x) : O3().bracket(x, y) }
  }

  @Test(
    arguments: zip(
      Fault.allCases,
      [nil, .haarMeasure, .haarMeasure, .generators, .generators, .bracket, .exponential, .metric]
        as [LawViolation.Law?]))
  func rejectsBrokenLieGroups(fault: Fault, law: LawViolation.Law?) {
    var generator = SplitMix64(seed: 22)
    let broken = GroupLaws(BrokenO3(fault: fault), tolerance: 4e-15).violations(using: &generator).map(\.law)
    if let law { #expect(broken.contains(law)) } else { #expect(broken == []) }
  }

  enum FiniteFault: CaseIterable { case none, biased, generators, missing, twice, associativity, indices }

  struct BrokenS4: FiniteGroup {
    let fault: FiniteFault
    let s4 = SymmetricGroup(4)
    var identity: Permutation { s4.identity }
    func product(_ a: Permutation, _ b: Permutation) -> Permutation {
      fault == .associativity && b.sign < 0 ? s4.product(b, a) : s4.product(a, b)
    }
    func inverse(of a: Permutation) -> Permutation { a.inverse }
    var order: Int { fault == .missing ? 23 : 24 }
    var elements: [Permutation] {
      switch fault {
      case .missing: s4.elements.dropLast()
      case .twice: s4.elements.dropLast() + [s4.identity]
      default: s4.elements
      }
    }
    func index(of a: Permutation) -> Int { fault == .indices ? 23 - s4.index(of: a) : s4.index(of: a) }
    /// Without the last step of the shuffle, or with even permutations only.
    var generators: [Permutation] { fault == .generators ? s4.generators.map { $0 * $0 } : s4.generators }
    func randomElement(using generator: inout some RandomNumberGenerator) -> Permutation {
      let a = s4.randomElement(using: &generator)
      return fault == .biased && generator.uniform() < 0.2 ? s4.product(a, a) : a
    }
  }

  @Test(
    arguments: zip(
      FiniteFault.allCases,
      [nil, .haarMeasure, .generators, .closure, .enumeration, .associativity, .enumeration]
        as [LawViolation.Law?]))
  func rejectsBrokenFiniteGroups(fault: FiniteFault, law: LawViolation.Law?) {
    var generator = SplitMix64(seed: 23)
    let broken = GroupLaws(BrokenS4(fault: fault), tolerance: 0).violations(using: &generator).map(\.law)
    if let law { #expect(broken.contains(law)) } else { #expect(broken == []) }
  }

  /// An action that is not one of automorphisms gives no group.
  @Test func rejectsAnActionThatIsNone() {
    var generator = SplitMix64(seed: 24)
    let broken = SemidirectProduct(CyclicGroup(7), CyclicGroup(3)) { h, n in n * [1, 3, 2][h] % 7 }
    #expect(GroupLaws(broken, tolerance: 0).violations(using: &generator).map(\.law).contains(.associativity))
  }
}
