import Testing

@testable import GroupTheory

@Suite struct GroupLawsTests {
  private func orthogonalityDefect(_ m: Matrix<Double>) -> Double { (m.transposed * m).distance(to: .identity(3)) }

  @Test func rotationGroup() {
    var generator = SplitMix64(seed: 1)
    let laws = GroupLaws(SO3(), tolerance: 2e-15) {
      max(orthogonalityDefect($0.matrix), abs($0.matrix.determinant - 1))
    } distance: {
      $0.distance(to: $1)
    }
    let elements = SO3().randomElements(8, using: &generator) + [Rotation3(axis: SIMD3(1, 2, 3), angle: .pi), .identity]
    #expect(laws.violations(at: elements) == [])
  }

  @Test func orthogonalGroup() {
    var generator = SplitMix64(seed: 2)
    let laws = GroupLaws(O3(), tolerance: 2e-15) {
      max(orthogonalityDefect($0.matrix), abs($0.matrix.determinant - Double($0.parity)))
    } distance: {
      $0.distance(to: $1)
    }
    let elements = O3().randomElements(8, using: &generator) + [.inversion, .reflection(normal: SIMD3(0, 1, 0))]
    #expect(elements.contains { $0.isImproper } && elements.contains { !$0.isImproper })
    #expect(laws.violations(at: elements) == [])
  }

  @Test func euclideanGroups() {
    var generator = SplitMix64(seed: 3)
    let distance: (RigidMotion, RigidMotion) -> Double = { $0.distance(to: $1) }
    let proper = GroupLaws(SE3(), tolerance: 2e-14, defect: { $0.linear.isImproper ? 1 : 0 }, distance: distance)
    #expect(proper.violations(at: SE3(translationScale: 3).randomElements(8, using: &generator)) == [])
    let all = GroupLaws(E3(), tolerance: 2e-14, distance: distance)
    #expect(all.violations(at: E3(translationScale: 3).randomElements(8, using: &generator)) == [])
  }

  @Test(arguments: [0, 1, 2, 5, 9]) func symmetricGroup(n: Int) {
    var generator = SplitMix64(seed: 4)
    let laws = GroupLaws(SymmetricGroup(n), tolerance: 0) {
      $0.images.sorted() == Array(0..<n) ? 0 : 1
    } distance: {
      $0.distance(to: $1)
    }
    #expect(laws.violations(at: SymmetricGroup(n).randomElements(6, using: &generator)) == [])
  }

  @Test func improperMotionsAreNotInSE3() async {
    await #expect(processExitsWith: .failure) {
      _ = SE3().inverse(of: RigidMotion(linear: .inversion, translation: .zero))
    }
  }

  @Test func helpers() {
    var generator = SplitMix64(seed: 5)
    let group = SO3()
    let (a, g) = (group.randomElement(using: &generator), group.randomElement(using: &generator))
    #expect(abs(group.conjugate(a, by: g).angle - a.angle) < 1e-14)
    #expect(group.power(a, 5).distance(to: a * a * a * a * a) < 1e-14)
    #expect(group.power(a, -3).distance(to: (a * a * a).inverse) < 1e-14)
    #expect(group.power(a, 0).distance(to: group.identity) == 0)
    #expect(group.commutator(a, a).distance(to: group.identity) < 1e-14)
  }

  // Broken subjects, each of which must be rejected for its own reason.

  private struct Broken: Group {
    enum Fault: CaseIterable { case none, identity, inverse, associativity, closure }
    let fault: Fault

    var identity: Rotation3 { fault == .identity ? Rotation3(axis: SIMD3(0, 0, 1), angle: 0.1) : .identity }

    func product(_ a: Rotation3, _ b: Rotation3) -> Rotation3 {
      switch fault {
      // a · b^(angle of a): not associative.
      case .associativity: a * Rotation3(axis: b.axis, angle: b.angle * (1 + a.angle))
      default: a * b
      }
    }

    func inverse(of a: Rotation3) -> Rotation3 { fault == .inverse ? a : a.inverse }

    func randomElement(using generator: inout some RandomNumberGenerator) -> Rotation3 {
      SO3().randomElement(using: &generator)
    }
  }

  @Test func brokenGroupsAreRejected() {
    for fault in Broken.Fault.allCases {
      var generator = SplitMix64(seed: 6)
      let group = Broken(fault: fault)
      // The "group" of rotations by less than 90 degrees is not closed.
      let laws = GroupLaws(group, tolerance: 1e-12) {
        fault == .closure && $0.angle > 1.5707 ? 1 : 0
      } distance: {
        $0.distance(to: $1)
      }
      let broken = laws.violations(at: group.randomElements(5, using: &generator)).map(\.law)
      switch fault {
      case .none: #expect(broken == [])
      case .identity: #expect(broken.contains(.identity))
      case .inverse: #expect(broken == [.inverse])
      case .associativity: #expect(broken.contains(.associativity))
      case .closure: #expect(broken == [.closure])
      }
    }
  }

  /// A violation is kept when a larger distance that is allowed is noted for the same law, before or after.
  @Test func violationsAreNotHidden() {
    for order in [[0, 1], [1, 0]] {
      var record = LawRecord()
      for i in order { record.note(.exponential, [3.0, 4][i], tolerance: [1.0, 5][i]) }
      #expect(record.violations == [LawViolation(law: .exponential, distance: 3, tolerance: 1)])
    }
  }

  /// A violation names the elements where it is worst, in the words of reports.
  @Test func violationsNameElements() throws {
    let quarter = OrthogonalElement(Rotation3(axis: SIMD3(0, 0, 1), angle: .pi / 2), isImproper: true)
    let laws = GroupLaws(O3(), tolerance: 1e-12, defect: { $0.isImproper ? 1 : 0 })
    let closure = try #require(laws.violations(at: [quarter]).first { $0.law == .closure })
    #expect(closure.elements == ["the inversion times the rotation by 1.57 rad about (0, 0, 1.00)"])
    #expect("\(closure)" == "closure violated by 1.0 (tolerance 1e-12), worst at a = \(closure.elements[0])")
    // ρ(g) = -1 for every element: the pair of the homomorphism is named, the identity has no others.
    struct Broken: Representation {
      let dimension = 1
      func callAsFunction(_ p: Permutation) -> Matrix<Double> { Matrix([[-1]]) }
    }
    let swap = try Permutation(cycles: [[0, 1]], count: 2)
    let broken = RepresentationLaws(Broken(), of: SymmetricGroup(2), tolerance: 1e-12).violations(at: [swap])
    #expect(broken.map(\.law) == [.identity, .homomorphism])
    #expect(broken[0].elements == [] && broken[1].elements == ["the permutation \(swap)", "the permutation \(swap)"])
  }

  @Test func notANumberIsAViolation() {
    let laws = GroupLaws(SO3(), tolerance: 1) { _, _ in .nan }
    #expect(laws.violations(at: [.identity]).map(\.law) == [.identity, .inverse, .associativity])
  }
}
