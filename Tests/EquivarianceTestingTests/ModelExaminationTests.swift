import EquivarianceTesting
import Equivariant
import Testing

/// EGNN passes; with a fault of each kind it fails that question, and no other that has nothing to do with it.
@Suite struct ModelExaminationTests {
  typealias Question = ModelExamination.Question

  enum Fault: String, CaseIterable, Sendable {
    case none, fixedDirection, wrongSlopeInSpace, rowNumbers, batchMean, singleNode, visitChanges, threadCount, wrongSlope, forgotten,
      coarse

    /// What must fail.
    var question: Question? {
      switch self {
      case .none: nil
      case .fixedDirection: .equivariance
      case .wrongSlopeInSpace: .gradientEquivariance
      case .rowNumbers: .relabelling
      case .batchMean: .oneByOne
      case .singleNode: .emptyAndSingle
      case .visitChanges: .storage
      case .threadCount: .threads
      case .wrongSlope: .derivatives
      case .forgotten: .parameters
      case .coarse: .precision
      }
    }
    /// What fails with it.
    var consequences: Set<Question> {
      switch self {
      case .fixedDirection: [.gradientEquivariance]
      // A slope that is not that of the value is wrong in whatever asks for slopes.
      case .wrongSlopeInSpace: [.derivatives]
      // What depends on the place in the batch, or fails for one graph, differs between a batch and its graphs.
      case .rowNumbers, .singleNode: [.oneByOne]
      default: []
      }
    }
  }

  /// EGNN with a fault.
  struct Faulty: Layer {
    var network: EGNN<Double>
    let fault: Fault
    var unnamed: Tensor<Double>?

    init(_ fault: Fault) {
      var generator = RandomSource(seed: 1)
      network = EGNN(.init(hidden: 8, layers: 2), using: &generator)
      self.fault = fault
      unnamed = fault == .forgotten ? .ones([1]) : nil
    }

    func callAsFunction(_ x: ParticleBatch<Double>) -> Tensor<Double> {
      let (y, v) = (network(x), x.velocities)
      switch fault {
      case .none, .visitChanges, .coarse: return y
      case .fixedDirection: return y + Tensor([0, 0, 0.1])
      case .wrongSlopeInSpace: return y + (v - v.detached) * Tensor([1, 2, 3])
      case .rowNumbers: return y + v * Tensor((0..<x.graph.nodeCount).map { Double($0) }, shape: [x.graph.nodeCount, 1])
      case .batchMean: return y + v * v.squaredNorm().mean()
      case .singleNode: return x.graph.nodeCount == 1 ? y / 0 : y
      case .threadCount: return y + v * (1e-9 * Double(Threads.count))
      case .wrongSlope: return y + (v - v.detached)
      case .forgotten: return y + v * unnamed!
      }
    }

    mutating func visit(_ visitor: inout ParameterVisitor<Double>) {
      visitor("network", &network)
      if fault == .visitChanges { network.forEachTensor { _, _, tensor in tensor = tensor * 1.01 } }
    }
  }

  static func batch<S: TensorScalar>(_: S.Type = S.self) -> ParticleBatch<S> {
    var generator = RandomSource(seed: 2)
    let graph = Graph.batch([.complete(nodes: 4), .complete(nodes: 1), .complete(nodes: 6)])
    return ParticleBatch(
      positions: .normal([11, 3], using: &generator), velocities: .normal([11, 3], using: &generator), features: .ones([11, 1]),
      edgeFeatures: .normal([graph.edgeCount, 1], using: &generator), graph: graph)
  }

  @Test(arguments: Fault.allCases) func eachFaultIsFound(_ fault: Fault) {
    var generator = RandomSource(seed: 3)
    let model = Faulty(fault)
    let inFloat = model.network.converted(to: Float.self)
    let examination = examine(
      model, under: E3(),
      input: .on(\.positions, by: .points).on(\.velocities, by: .vectors).on(\.features, by: .invariant), output: .points,
      at: [Self.batch()],
      single: { x in
        var y = inFloat(x.converted(to: Float.self)).converted(to: Double.self)
        if fault == .coarse { y = y * 1.01 } else { y = y + model(x) - model.network(x) }
        return y
      }, using: &generator)
    #expect(Set(examination.answers.map(\.question)) == Set(Question.allCases))
    if let question = fault.question {
      #expect(examination.failures.contains(question), "\(examination)")
      #expect(Set(examination.failures).subtracting(fault.consequences) == [question], "\(examination)")
    } else {
      #expect(examination.isPassed, "\(examination)")
    }
    #expect("\(examination)".contains(fault == .none ? "passed  equivariance" : "FAILED"))
  }

  @Test func skippedAndAbsentQuestions() {
    var generator = RandomSource(seed: 4)
    let action = Action<RigidMotion, ParticleBatch<Double>>.on(\.positions, by: .points).on(\.velocities, by: .vectors)
    let examination = examine(
      Faulty(.none), under: E3(), input: action, output: .points, at: [Self.batch()], skipping: [.derivatives, .threads], using: &generator)
    #expect(examination.isPassed && examination.answers.count == Question.allCases.count - 3)
    // One graph alone cannot show that graphs are treated one by one.
    let one = Self.batch(Double.self).selected(graph: 0)
    let few = examine(
      Faulty(.none), under: E3(), input: action, output: .points, at: [one], skipping: [.derivatives], using: &generator)
    #expect(few.failures == [.oneByOne])
  }
}
