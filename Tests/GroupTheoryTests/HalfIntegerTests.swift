import Testing

@testable import GroupTheory

@Suite struct HalfIntegerTests {
  @Test func literalsAndArithmetic() {
    let (a, b): (HalfInteger, HalfInteger) = (1.5, 2)
    #expect(a.doubled == 3 && b == HalfInteger(2) && a + b == 3.5 && a - b == -0.5 && -a < b && "\(a) \(b) \(-a)" == "3/2 2 -3/2")
  }

  @Test func otherFractionsTrap() async {
    await #expect(processExitsWith: .failure) { _ = HalfInteger(floatLiteral: 0.25) }
  }
}
