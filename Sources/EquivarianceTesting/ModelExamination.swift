import DifferentiableTensors
import EquivariantTraining
import FileFormats
import GroupTheory
import MessagePassing
import NeuralModules

/// A measurement of what every network on graphs must fulfil, made by
/// ``examine(_:under:input:output:at:rows:tolerance:skipping:single:using:)``.
public struct ModelExamination: Sendable, CustomStringConvertible {
  /// One of the questions of an examination.
  public enum Question: String, Sendable, CaseIterable {
    /// Does f(g x) = g f(x) hold at every input, for random and special elements?
    case equivariance
    /// Does it hold for the gradient of the outputs, on which training and forces depend?
    case gradientEquivariance = "equivariance of gradients"
    /// Do nodes give the same rows if they are renumbered?
    case relabelling
    /// Does a batch give what its graphs give one by one?
    case oneByOne = "batch and one by one"
    /// Do a batch without graphs and one of a single node give the right number of rows, all of them finite?
    case emptyAndSingle = "empty and single-node inputs"
    /// Do parameters give the same bits after being written to safetensors and read into another copy?
    case storage = "save and load"
    /// Do values and gradients have the same bits on 1, 2 and 3 threads?
    case threads
    /// Do first and second derivatives by inputs and parameters agree with finite differences?
    case derivatives = "derivatives of order 2"
    /// Does `visit` name every stored tensor once (``ParameterAudit``)?
    case parameters
    /// Does the network in `Float` give the same result but for rounding?
    case precision = "Float against Double"
  }

  /// The answer to a question.
  public struct Answer: Sendable, CustomStringConvertible {
    /// The question.
    public let question: Question
    /// The measured number, which is relative to the scale of the output if it is an error. It is not finite if nothing could be measured.
    public let error: Double
    /// The largest error that is admitted.
    public let bound: Double
    /// The finding in words, if it is not a number.
    public let remark: String
    /// Whether the error lies within the bound.
    public var isPassed: Bool { error <= bound }

    /// The answer as a line, such as "equivariance: 3.1e-15 (at most 4.4e-13)".
    public var description: String {
      "\(isPassed ? "passed" : "FAILED")  \(question.rawValue): \(short(error)) (at most \(short(bound)))\(remark.isEmpty ? "" : ": " + remark)"
    }
  }

  /// The answers in the order of ``Question``, without the questions that were skipped.
  public let answers: [Answer]
  /// Whether all questions are passed.
  public var isPassed: Bool { answers.allSatisfy(\.isPassed) }
  /// The questions that are not passed.
  public var failures: [Question] { answers.filter { !$0.isPassed }.map(\.question) }
  /// The answers, one in each line.
  public var description: String { answers.map(\.description).joined(separator: "\n") }
}

/// What the rows of a network's outputs belong to.
public enum OutputRows: Sendable {
  /// There is one row for each node.
  case nodes
  /// There is one row for each graph.
  case graphs
}

/// Asks a network all the questions that it should pass before it is trusted; see ``ModelExamination/Question``.
///
/// ```swift
/// let examination = examine(
///   model, under: E3(), input: .on(\.positions, by: .points).on(\.velocities, by: .vectors), output: .points, at: [batch],
///   single: { model32($0.converted(to: Float.self)).converted(to: Double.self) }, using: &generator)
/// #expect(examination.isPassed, "\(examination)")
/// ```
/// - Parameters:
///   - model: the network.
///   - group: the group that the network is equivariant under, besides permutations.
///   - input: how the group acts on inputs. Derivatives are taken with respect to its fields.
///   - output: how the group acts on outputs. Its fields are compared.
///   - inputs: batches of several graphs, both generic and degenerate ones. Derivatives are taken at the first.
///   - rows: what the rows of the outputs belong to.
///   - tolerance: the tolerance of exact maps, in units in the last place.
///   - skipped: questions that are not asked, such as that of derivatives if the network chooses neighbours.
///   - single: the same network in `Float`, its output converted back; nil skips the question.
///   - generator: the source of random elements, permutations and directions.
public func examine<M: Layer, G: Group & SpecialElements>(
  _ model: M, under group: G, input: Action<G.Element, M.Input>, output: Action<G.Element, M.Output>, at inputs: [M.Input],
  rows: OutputRows = .nodes, tolerance: Tolerance.Exact = .network, skipping skipped: Set<ModelExamination.Question> = [],
  single: ((M.Input) -> M.Output)? = nil, using generator: inout some RandomNumberGenerator
) -> ModelExamination where M.Input: NodeBatch, M.Scalar == Double {
  var examiner = Examiner(
    model: model, input: input, output: output, inputs: inputs, rows: rows, bound: tolerance.bound(for: Double.self),
    source: RandomSource(seed: generator.next()))
  var answers: [ModelExamination.Answer] = []
  for question in ModelExamination.Question.allCases where !skipped.contains(question) {
    switch question {
    case .equivariance, .gradientEquivariance:
      answers.append(examiner.equivariance(question, under: group))
    case .relabelling: answers.append(examiner.relabelling())
    case .oneByOne: answers.append(examiner.oneByOne())
    case .emptyAndSingle: answers.append(examiner.emptyAndSingle())
    case .storage: answers.append(examiner.storage())
    case .threads: answers.append(examiner.threads())
    case .derivatives: answers.append(examiner.derivatives())
    case .parameters: answers.append(examiner.parameters())
    case .precision:
      if let single { answers.append(examiner.precision(single, Tolerance.Exact(ulps: tolerance.ulps).bound(for: Float.self))) }
    }
  }
  return ModelExamination(answers: answers)
}

/// What the questions have in common.
private struct Examiner<M: Layer, Element> where M.Input: NodeBatch, M.Scalar == Double {
  typealias Question = ModelExamination.Question
  let model: M
  let input: Action<Element, M.Input>
  let output: Action<Element, M.Output>
  let inputs: [M.Input]
  let rows: OutputRows
  let bound: Double
  var source: RandomSource

  /// The outputs as tensors of `Double`.
  func values(_ y: M.Output) -> [Tensor<Double>] { output.fields.map { doubles($0.read(y)) } }
  private func doubles<T: TensorValue>(_ value: T) -> Tensor<Double> { value.tensor.converted(to: Double.self) }

  /// The largest difference, relative to the largest entry of what is expected.
  func difference(_ received: [Tensor<Double>], _ expected: [Tensor<Double>]) -> Double {
    zip(received, expected).reduce(0) { worst, pair in
      guard pair.0.shape == pair.1.shape else { return .infinity }
      guard pair.0.count > 0 else { return worst }
      let scale = pair.1.absolute().max().item
      let error = (pair.0 - pair.1).absolute().max().item / (scale > 0 ? scale : 1)
      return error.isNaN ? .infinity : max(worst, error)
    }
  }

  func answer(_ question: Question, _ error: Double, _ bound: Double, _ remark: String = "") -> ModelExamination.Answer {
    ModelExamination.Answer(question: question, error: error.isNaN ? .infinity : error, bound: bound, remark: remark)
  }

  mutating func equivariance<G: Group & SpecialElements>(_ question: Question, under group: G) -> ModelExamination.Answer
  where G.Element == Element {
    let special = group.specialElements
    var source = source.split()
    let report =
      question == .equivariance
      ? measureEquivariance(
        of: model.callAsFunction, under: group, input: input, output: output, at: inputs, elements: 10, special: special, using: &source)
      : measureGradientEquivariance(
        of: model.callAsFunction, under: group, input: input, output: output, at: inputs, elements: 3, special: special, using: &source)
    return answer(question, report.relativeError, bound, report.relativeError <= bound ? "" : "\(report)")
  }

  mutating func relabelling() -> ModelExamination.Answer {
    var worst = 0.0
    var source = source.split()
    for x in inputs {
      var images: [Int] = []
      for size in x.graph.graphSizes { images += source.permutation(size).map { [start = images.count] in start + $0 } }
      var moved = values(model(x.relabelled(images)))
      if rows == .nodes { moved = moved.map { $0.gathered(RowIndex(images, rowCount: images.count)) } }
      worst = max(worst, difference(moved, values(model(x))))
    }
    return answer(.relabelling, worst, bound)
  }

  func oneByOne() -> ModelExamination.Answer {
    var worst = 0.0
    for x in inputs {
      let each = x.graph.graphSizes.indices.filter { x.graph.graphSizes[$0] > 0 }.map { values(model(x.selected(graph: $0))) }
      let joined = output.fields.indices.map { k in Tensor.concatenated(each.map { $0[k] }, axis: 0) }
      var together = values(model(x))
      if rows == .graphs {
        let present = x.graph.graphSizes.indices.filter { x.graph.graphSizes[$0] > 0 }
        together = together.map { $0.gathered(RowIndex(present, rowCount: x.graph.graphSizes.count)) }
      }
      worst = max(worst, difference(joined, together))
    }
    let few = inputs.allSatisfy { $0.graph.graphSizes.count < 2 }
    return answer(.oneByOne, few ? .infinity : worst, bound, few ? "a batch of several graphs is needed" : "")
  }

  func emptyAndSingle() -> ModelExamination.Answer {
    guard let x = inputs.first(where: { $0.graph.nodeCount > 0 }) else {
      return answer(.emptyAndSingle, .infinity, 0, "no input has a node")
    }
    for (nodes, name) in [([], "a batch without nodes"), ([0], "a single node")] as [([Int], String)] {
      for value in values(model(x.restricted(to: nodes))) {
        if value.rank == 0 || value.shape[0] != nodes.count {
          return answer(.emptyAndSingle, .infinity, 0, "\(name) gives an output of shape \(value.shape)")
        }
        if !value.elements.allSatisfy(\.isFinite) { return answer(.emptyAndSingle, .infinity, 0, "\(name) gives \(value.elements)") }
      }
    }
    return answer(.emptyAndSingle, 0, 0)
  }

  mutating func storage() -> ModelExamination.Answer {
    var file = SafetensorsFile()
    model.store(in: &file)
    // A copy with other values, so that what is not read stays wrong.
    var copy = model
    var random = source
    copy.forEachTensor { _, _, tensor in tensor = .normal(tensor.shape, using: &random) }
    do {
      try copy.load(from: SafetensorsFile(bytes: file.encoded(), path: "memory"))
    } catch {
      return answer(.storage, .infinity, 0, "\(error)")
    }
    let same = inputs.allSatisfy { values(copy($0)) == values(model($0)) }
    return answer(.storage, same ? 0 : .infinity, 0, same ? "" : "the copy gives other values")
  }

  func threads() -> ModelExamination.Answer {
    let counts = threadCountsThatMatter([2, 3]) {
      inputs.map { x in valueWithGradient(at: model) { total($0(x)) }.gradient.tensors + values(model(x)) }
    }
    return answer(.threads, counts.isEmpty ? 0 : .infinity, 0, counts.isEmpty ? "" : "other bits on \(counts) threads")
  }

  /// A differentiable number made of all outputs, by weights that no symmetry makes vanish.
  private func total(_ y: M.Output) -> Tensor<Double> {
    output.fields.reduce(Tensor(0)) { sum, field in
      let value = tracked(field.read(y))
      let weights = Tensor<Double>((0..<value.count).map { 1 + 0.37 * Double($0 % 11) }, shape: value.shape)
      return sum + (value * weights).sum()
    }
  }
  private func tracked(_ value: any TensorValue) -> Tensor<Double> {
    guard let tensor = value as? Tensor<Double> else { fatalError("tensors of Double are expected, received a \(type(of: value))") }
    return tensor
  }

  mutating func derivatives() -> ModelExamination.Answer {
    guard let x = inputs.first else { return answer(.derivatives, .infinity, 0, "there is no input") }
    let parameters = model.namedTensors.filter { $0.role == .parameter && $0.tensor.count > 0 }
    let fields = input.fields.filter { tracked($0.read(x)).count > 0 }
    let start = fields.map { tracked($0.read(x)) }
    var source = source.split()
    let report = checkDerivatives(
      of: { tensors in
        var (moved, batch, next) = (model, x, fields.count)
        for (field, tensor) in zip(fields, tensors) { field.write(&batch, tensor) }
        moved.forEachTensor { _, role, tensor in
          guard role == .parameter && tensor.count > 0 else { return }
          tensor = tensors[next]
          next += 1
        }
        return total(moved(batch)).reshaped(1)
      }, at: start + parameters.map(\.tensor), order: 2, elements: 3, using: &source)
    return answer(.derivatives, report.relativeError, 1e-5, report.relativeError <= 1e-5 ? "" : "\(report)")
  }

  func parameters() -> ModelExamination.Answer {
    let audit = ParameterAudit(of: model)
    return answer(.parameters, audit.isClean ? 0 : .infinity, 0, audit.isClean ? "" : "\(audit)")
  }

  func precision(_ single: (M.Input) -> M.Output, _ bound: Double) -> ModelExamination.Answer {
    answer(.precision, inputs.reduce(0) { max($0, difference(values(single($1)), values(model($1)))) }, bound)
  }
}
