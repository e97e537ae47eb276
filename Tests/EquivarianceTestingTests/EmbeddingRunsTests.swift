import DifferentiableTensors
import EquivarianceTesting
import Testing

@Suite struct EmbeddingRunsTests {
  @Test func knownVectors() {
    var runs = EmbeddingRuns(width: 2)
    #expect(runs.count == 0 && runs.indistinguishablePairs(threshold: 1).isEmpty)
    runs.append([0, 0, 0.5, 0.5, 3, 0, 3, 0.25])
    #expect(runs.count == 4)
    #expect(runs.indistinguishablePairs(threshold: 1).elementsEqual([(0, 1), (2, 3)], by: ==))
    #expect(runs.separates(0, 1, threshold: 0.9) && !runs.separates(0, 1, threshold: 1))
    // One run that tells a pair apart is enough.
    runs.append([0, 0, 0, 0, 0, 0, 0, 9])
    #expect(runs.indistinguishablePairs(threshold: 1).elementsEqual([(0, 1)], by: ==))
    #expect(runs.prefix(3).count == 3 && runs.prefix(1).indistinguishablePairs(threshold: 1).isEmpty)
  }

  /// The sweep finds the pairs that comparing all finds, also where some components are not numbers or infinite.
  @Test(arguments: [Double?.none, .nan, .infinity], [1, 3]) func sweep(special: Double?, runsWithIt: Int) {
    var generator = RandomSource(seed: 1)
    var embeddings = EmbeddingRuns(width: 2)
    for number in 0..<3 {
      var run = (0..<600).map { _ in Double(Int.random(in: 0..<6, using: &generator)) }
      if let special, number < runsWithIt { for place in [3, 100, 101, 400] { run[place] = special } }
      embeddings.append(run)
    }
    let pairs = embeddings.indistinguishablePairs(threshold: 1)
    let all = (0..<300).flatMap { i in (i + 1..<300).filter { !embeddings.separates(i, $0, threshold: 1) }.map { (i, $0) } }
    #expect(pairs.elementsEqual(all, by: ==) && pairs.count > 20, "\(pairs.count)")
  }

  @Test func runsOfAnotherSizeAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var runs = EmbeddingRuns(width: 2)
      runs.append([0, 1, 2])
    }
    await #expect(processExitsWith: .failure) {
      var runs = EmbeddingRuns(width: 2)
      runs.append([0, 1])
      _ = runs.separates(0, 1, threshold: 1)
    }
  }
}
