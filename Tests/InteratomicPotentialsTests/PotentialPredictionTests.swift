import InteratomicPotentials
import Testing

@Suite struct PotentialPredictionTests {
  /// In the order xx, yy, zz, yz, xz, xy, with the other sign, over the volume.
  @Test func stressOfVirial() {
    let virial: [Double] = [1, 6, 5, 6, 2, 4, 5, 4, 3]
    let prediction = PotentialPrediction(energy: 0, atomEnergies: [], forces: [], virial: virial)
    #expect(prediction.stress(volume: 2) == [-0.5, -1, -1.5, -2, -2.5, -3])
  }
}
