import Equivariant

/// The samples of the task as tensors: positions and velocities at one frame, and positions (and velocities) at a later one.
struct NBodySamples: Sendable {
  let split: NBodySplit<Float>
  /// The products of charges (or the strengths of springs) of the 20 directed edges, [sample][edge].
  private let couplings: [Float]

  init(_ split: NBodySplit<Float>) {
    self.split = split
    let n = split.bodies
    var couplings: [Float] = []
    couplings.reserveCapacity(split.count * n * (n - 1))
    for s in 0..<split.count {
      for i in 0..<n {
        for j in 0..<n where j != i { couplings.append(split.edges[(s * n + i) * n + j]) }
      }
    }
    self.couplings = couplings
  }
  var count: Int { split.count }
  var bodies: Int { split.bodies }

  /// The samples with the given numbers. `graph` joins the same number of complete graphs.
  func batch(_ samples: [Int], graph: Graph) -> ParticleBatch<Float> {
    let n = bodies
    let velocities = rows(split.velocities0, samples, width: 3 * n).reshaped(samples.count * n, 3)
    return ParticleBatch(
      positions: rows(split.positions0, samples, width: 3 * n).reshaped(samples.count * n, 3), velocities: velocities,
      features: Self.features(velocities, charges: rows(split.charges, samples, width: n)),
      edgeFeatures: rows(couplings, samples, width: n * (n - 1)).reshaped(samples.count * n * (n - 1), 1), graph: graph)
  }
  /// The speed |v| and the charge of each body, [bodies, 2].
  static func features(_ velocities: Tensor<Float>, charges: Tensor<Float>) -> Tensor<Float> {
    .concatenated([velocities.norm(keepingDimensions: true), charges.reshaped(velocities.shape[0], 1)])
  }
  func targets(_ samples: [Int]) -> Tensor<Float> { rows(split.positions1, samples, width: 3 * bodies).reshaped(samples.count * bodies, 3) }
  func targetVelocities(_ samples: [Int]) -> Tensor<Float> {
    rows(split.velocities1, samples, width: 3 * bodies).reshaped(samples.count * bodies, 3)
  }

  private func rows(_ values: [Float], _ samples: [Int], width: Int) -> Tensor<Float> {
    Tensor(shape: [samples.count, width]) { out in
      values.withUnsafeBufferPointer { source in
        for (k, s) in samples.enumerated() {
          _ = out[(k * width)..<((k + 1) * width)].update(fromContentsOf: source[(s * width)..<((s + 1) * width)])
        }
      }
    }
  }
}

/// The errors of a model on a split.
struct Evaluation {
  /// The mean squared error of each sample, over bodies and coordinates.
  let perSample: [Double]
  /// The predicted positions, [sample][body][3].
  let predictions: [Float]
  var mse: Double { perSample.reduce(0, +) / Double(max(1, perSample.count)) }
  var sorted: [Double] { perSample.sorted() }
  func quantile(_ q: Double) -> Double { sorted[min(perSample.count - 1, Int(q * Double(perSample.count)))] }
  /// The mean of the errors without the largest 5 %.
  var trimmed: Double {
    let kept = sorted.prefix(max(1, perSample.count * 95 / 100))
    return kept.reduce(0, +) / Double(kept.count)
  }

  init(perSample: [Double], predictions: [Float]) {
    self.perSample = perSample
    self.predictions = predictions
  }

  /// Evaluates a model in batches of 100.
  init(of model: NBodyModel, on samples: NBodySamples, limit: Int? = nil) {
    var perSample: [Double] = []
    var predictions: [Float] = []
    let n = samples.bodies
    let count = min(limit ?? samples.count, samples.count)
    let graph = Graph.complete(graphs: 100, nodes: n)
    for start in stride(from: 0, to: count, by: 100) {
      let numbers = Array(start..<min(start + 100, count))
      let g = numbers.count == 100 ? graph : Graph.complete(graphs: numbers.count, nodes: n)
      let prediction = withoutRecording { model(samples.batch(numbers, graph: g)) }
      predictions += prediction.elements
    }
    for s in 0..<count {
      var sum = 0.0
      for k in 0..<3 * n {
        let d = Double(predictions[s * 3 * n + k]) - Double(samples.split.positions1[s * 3 * n + k])
        sum += d * d
      }
      perSample.append(sum / Double(3 * n))
    }
    self.init(perSample: perSample, predictions: predictions)
  }
}

/// Predictions without a network.
enum Baseline {
  /// The time t for which x + t v fits the training samples best, by least squares.
  static func linearTime(_ s: NBodySplit<Float>) -> Double {
    var (top, bottom) = (0.0, 0.0)
    for i in s.positions0.indices {
      let v = Double(s.velocities0[i])
      top += v * (Double(s.positions1[i]) - Double(s.positions0[i]))
      bottom += v * v
    }
    return bottom > 0 ? top / bottom : 0
  }
  /// The mean squared error of x + t v.
  static func error(time t: Double, _ s: NBodySplit<Float>) -> Double {
    var sum = 0.0
    for i in s.positions0.indices {
      let d = Double(s.positions0[i]) + t * Double(s.velocities0[i]) - Double(s.positions1[i])
      sum += d * d
    }
    return sum / Double(max(1, s.positions0.count))
  }
}
