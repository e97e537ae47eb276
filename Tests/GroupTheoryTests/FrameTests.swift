import GroupTheory
import Testing

struct FrameTests {
  @Test func weightsSumToOne() {
    let all = Frame.all(of: SymmetricGroup(4))
    #expect(all.elements.count == 24)
    #expect(abs(all.elements.reduce(0) { $0 + $1.weight } - 1) < 1e-15)
    let some = Frame<SymmetricGroup>(weighted: [(.identity(3), 3), (.identity(3), 0), (.identity(3), 1)])
    #expect(some.elements.map(\.weight) == [0.75, 0.25])
  }

  /// The average over a group does not change when the frame is moved: g F = F for the whole group.
  @Test func wholeGroup() {
    let group = CyclicGroup(7)
    let frame = Frame.all(of: group)
    let moved = frame.moved(by: group.elements[3], in: group)
    #expect(Set(moved.elements.map { group.index(of: $0.element) }).count == 7)
  }

  /// A quadrature of SO(3) averages a vector to zero.
  @Test func quadrature() {
    let frame = Frame.quadrature(SO3().haarQuadrature(forDegree: 1), of: SO3())
    let mean = frame.elements.reduce(SIMD3<Double>.zero) { $0 + $1.weight * ($1.element * SIMD3(1, 2, 3)) }
    #expect((mean * mean).sum() < 1e-28)
  }
}
