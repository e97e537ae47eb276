import EquivariantDatasets
import Testing

@Suite struct NormalErrorsTests {
  @Test func statisticsOfKnownAngles() {
    let errors = NormalErrors(angles: [90, 0, 30, 0])
    #expect(abs(errors.error - 1.25 / 4) < 1e-15 && errors.medianAngle == 30 && errors.angle90 == 90)
    #expect(NormalErrors(angles: Array(0..<10).map { Double($0) }).angle90 == 9)
    let none = NormalErrors(angles: [])
    #expect(none.error == 0 && none.medianAngle == 0 && none.angle90 == 0)
  }

  /// Angles between lines: neither lengths nor orientations matter, and small angles keep their digits.
  @Test func anglesBetweenLines() {
    let angles = unorientedAngles(
      [1, 0, 0, 0, 2, 0, 1e-30, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, .infinity, 0, 0, 0, .nan, 1],
      [-3, 0, 0, 1, 0, 0, 1e30, 1e30, 0, 1, 1e-9, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0])
    #expect(angles[0] == 0 && angles[1] == 90 && abs(angles[2]! - 45) < 1e-13)
    #expect(abs(angles[3]! / (1e-9 * 180 / .pi) - 1) < 1e-12)
    #expect(angles[4...].allSatisfy { $0 == nil })
  }

  @Test func listsOfDifferentLengthsAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = unorientedAngles([1, 0, 0], [1, 0, 0, 0, 1, 0]) }
  }
}
