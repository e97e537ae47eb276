import Equivariant

/// The content of a report about a run's model, computed from the data that the run's configuration names.
struct RunAnalysis {
  let run: RunRecord
  let evaluation: Evaluation
  let test: NBodySplit<Float>
  /// The time t of the best linear prediction x + t v, fitted to the training samples.
  let linearTime: Double
  /// The errors of that prediction on the test samples.
  let linearPerSample: [Double]
  /// The errors of x and of x + v on the test samples.
  let noMotion: Double
  let straight: Double

  var linear: Double { linearPerSample.reduce(0, +) / Double(max(1, linearPerSample.count)) }

  init(_ run: RunRecord) throws {
    self.run = run
    let data = try dataset(run.configuration)
    test = data.test
    evaluation = Evaluation(of: run.model, on: NBodySamples(data.test))
    linearTime = Baseline.linearTime(data.train)
    linearPerSample = Self.linearErrors(time: linearTime, data.test)
    noMotion = Baseline.error(time: 0, data.test)
    straight = Baseline.error(time: 1, data.test)
  }

  /// The number of the sample at a quantile of the errors.
  func sample(atQuantile q: Double) -> Int {
    let order = evaluation.perSample.indices.sorted { (evaluation.perSample[$0], $0) < (evaluation.perSample[$1], $1) }
    return order[min(order.count - 1, Int(q * Double(order.count)))]
  }

  private static func linearErrors(time: Double, _ split: NBodySplit<Float>) -> [Double] {
    let size = 3 * split.bodies
    return (0..<split.count).map { s in
      var sum = 0.0
      for k in (s * size)..<((s + 1) * size) {
        let d = Double(split.positions0[k]) + time * Double(split.velocities0[k]) - Double(split.positions1[k])
        sum += d * d
      }
      return sum / Double(size)
    }
  }
}
