import CKernels
import DifferentiableTensors
import Requirements

/// A layer of a compiled MACE: the constants of its kernels.
struct MACEPlanLayer<Scalar: TensorScalar>: Sendable {
  let convolution: ConvolutionPlan
  let tables: RadialTableSet<Scalar>
  /// Which elements its tables depend on.
  let keys: TableKeys
  /// By degree; empty where the tables contain it, as those of the first layer do.
  let mixing: [PlanMatrix<Scalar>]
  /// By element and degree.
  let centre: [[PlanMatrix<Scalar>]]?
  let argument: PlanTerms
  let polynomials: PolynomialPlan
  let coefficients: [NumberBlock<Scalar>]
  let result: PlanTerms
  /// The features that the next layer sends, from the results of this and earlier layers.
  let sent: PlanTerms
  let sentMaps: [LayerMap<Scalar>]
  /// By element.
  let sentConstants: [NumberBlock<Scalar>]?
}

/// Linear maps from the results of layer `source`: by degree, or by element and degree.
struct LayerMap<Scalar: TensorScalar>: Sendable {
  let source: Int
  let matrices: [[PlanMatrix<Scalar>]]
  var knowsElements: Bool { matrices.count > 1 }
  func matrices(_ element: Int) -> [PlanMatrix<Scalar>] { matrices[knowsElements ? element : 0] }
}

/// What an atom's energy is made of: linear in the results of all layers but for networks with one hidden layer.
struct MACEReadouts<Scalar: TensorScalar>: Sendable {
  struct Network: Sendable {
    let hidden: Int
    let maps: [LayerMap<Scalar>]
    /// By element; what constant features give.
    let constants: [[Double]]
    let activationConstant: Double
    let weights: [Double]
  }
  /// For each layer and element, one number for each scalar channel of its result.
  let linear: [[[Scalar]]]
  let networks: [Network]
  /// By element.
  let offsets: [Double]
}

/// A MACE, compiled: the constants of all kernels, made once. Linear maps that follow each other are one, and the maps of the first layer, whose
/// neighbours are told by their elements alone, are in its tables.
struct MACEPlan<Scalar: TensorScalar>: Sendable {
  let elements: Int
  let cutoff: Double
  let largestHarmonic: Int
  let intervals: Int
  let layers: [MACEPlanLayer<Scalar>]
  let readouts: MACEReadouts<Scalar>
  /// Of the radial tables, relative.
  let tableError: Double

  init(_ model: MACEDescription, degree: Int, tolerance: Double) {
    (elements, cutoff) = (model.elements.count, model.cutoff)
    let count = model.elements.count
    let harmonic = model.layers.flatMap { $0.paths.map(\.harmonic) }.max() ?? 0
    largestHarmonic = harmonic
    let fits = eachConcurrently(model.layers) { layer in
      let sample = layer.weights.sampledColumns(64)
      let element = model.steepestElement
      return RadialTable.intervals(cutoff: model.cutoff, degree: degree, tolerance: tolerance) {
        layer.hidden($0, element, element) * sample
      }
    }
    let intervals = fits.map(\.count).max() ?? 1
    (self.intervals, tableError) = (intervals, fits.map(\.error).max() ?? 0)
    let lengths = RadialTable.lengths(cutoff: model.cutoff, intervals: intervals, degree: degree)
    let maps = ComposedMaps<Scalar>(model)

    layers = model.layers.indices.map { t in
      let layer = model.layers[t]
      let argument = PlanTerms((0...layer.sumDegree).map { ($0, layer.channels) })
      let result = PlanTerms((0...layer.outputDegree).map { ($0, layer.channels) })
      let plan: ConvolutionPlan
      let keys: TableKeys
      let hidden: @Sendable (Int) -> DenseMatrix
      let weights: @Sendable (Int) -> DenseMatrix
      func coefficients(_ l1: Int, _ l2: Int, _ l3: Int) -> [Double] {
        let sign = l2.isMultiple(of: 2) ? 1.0 : model.directionSign
        return model.coefficients(l1, l2, l3).map { $0 * sign }
      }
      if t == 0 {
        // x is told by the element of the neighbour: weights, features and mixing are one function of the length.
        plan = ConvolutionPlan(
          input: PlanTerms([]), sums: argument,
          paths: (0...layer.sumDegree).map {
            .init(term: nil, harmonic: $0, slot: $0, channel: 0, channels: layer.channels, factor: 1, weight: $0 * layer.channels)
          }, largestHarmonic: harmonic, polynomialDegree: degree, coefficients: coefficients)
        let sent = model.embedding.map { (DenseMatrix($0, rows: 1, columns: layer.channels) * layer.up[0]).elements }
        keys = layer.centre != nil || layer.radialKnowsElements ? .pair : .neighbor
        let knowsElements = layer.radialKnowsElements
        hidden = { layer.hidden(lengths, $0 / count, $0 % count) }
        weights = { key in
          let (centre, neighbor) = knowsElements || layer.centre != nil ? (key / count, key % count) : (0, key)
          var parts: [DenseMatrix] = []
          for path in layer.paths.sorted(by: { $0.degree < $1.degree }) {
            let mixing = layer.mixing[path.degree].scalingRows(sent[neighbor])
            let map = layer.centre.map { mixing * $0[path.degree][centre] } ?? mixing
            parts.append(layer.weights.columns(path.weight..<path.weight + layer.channels) * map)
          }
          return .beside(parts)
        }
      } else {
        let input = PlanTerms((0...layer.inputDegree).map { ($0, layer.channels) })
        var places = [Int](repeating: 0, count: layer.sumDegree + 1)
        let paths = layer.paths.map { path in
          defer { places[path.degree] += padded(layer.channels) }
          return ConvolutionPlan.Path(
            term: path.inputDegree, harmonic: path.harmonic, slot: path.degree, channel: places[path.degree], channels: layer.channels,
            factor: 1, weight: path.weight)
        }
        plan = ConvolutionPlan(
          input: input, sums: PlanTerms(places.enumerated().map { ($0, $1) }), paths: paths, largestHarmonic: harmonic,
          polynomialDegree: degree, coefficients: coefficients)
        keys = layer.radialKnowsElements ? .pair : .none
        hidden = { layer.hidden(lengths, $0 / count, $0 % count) }
        weights = { _ in layer.weights }
      }
      let polynomials = PolynomialPlan(
        variables: (layer.sumDegree + 1) * (layer.sumDegree + 1), outputs: (layer.outputDegree + 1) * (layer.outputDegree + 1),
        monomials: Set(layer.monomials))
      return MACEPlanLayer(
        convolution: plan,
        tables: RadialTableSet(
          intervals: intervals, degree: degree, sources: plan.weightSources, isHiddenShared: !layer.radialKnowsElements, hidden: hidden,
          weights: weights),
        keys: keys,
        mixing: t == 0
          ? [] : layer.mixing.map { PlanMatrix($0.spreadingRows(blocks: layer.channels)) },
        centre: t == 0 ? nil : layer.centre.map { centre in (0..<count).map { z in centre.map { PlanMatrix($0[z]) } } },
        argument: argument, polynomials: polynomials,
        coefficients: (0..<count).map { z in
          let values = layer.coefficients(z)
          return polynomials.coefficients(channels: layer.channels) { values[polynomials.monomials[$0]] ?? [] }
        },
        result: result,
        sent: PlanTerms(t + 1 < model.layers.count ? (0...model.layers[t + 1].inputDegree).map { ($0, layer.channels) } : []),
        sentMaps: maps.sent[t], sentConstants: maps.sentConstants[t])
    }
    readouts = maps.readouts
  }
}

/// Consecutive linear maps as one: from the result of each contraction to what later layers send and read out.
private struct ComposedMaps<Scalar: TensorScalar> {
  var sent: [[LayerMap<Scalar>]] = []
  var sentConstants: [[NumberBlock<Scalar>]?] = []
  var readouts = MACEReadouts<Scalar>(linear: [], networks: [], offsets: [])

  init(_ model: MACEDescription) {
    let count = model.elements.count
    var linear = model.layers.map { [[Double]](repeating: [Double](repeating: 0, count: $0.channels), count: count) }
    var (networks, offsets): ([MACEReadouts<Scalar>.Network], [Double]) = ([], model.offsets)
    // By source, by element (one where it makes no difference), by degree: the features after a layer.
    var features: [[[DenseMatrix]]] = []
    var constants = model.embedding
    for (t, layer) in model.layers.enumerated() {
      if let skip = layer.skip {
        features = features.map { source in
          (0..<count).map { z in
            let known = source[source.count > 1 ? z : 0]
            return (0...min(layer.outputDegree, known.count - 1)).map { known[$0] * skip[$0][z] }
          }
        }
        constants = constants.enumerated().map { z, c in (DenseMatrix(c, rows: 1, columns: c.count) * skip[0][z]).elements }
      } else {
        features = features.map { _ in [] }
        constants = constants.map { _ in [Double](repeating: 0, count: layer.channels) }
      }
      features.append([layer.product])
      let alive = features.indices.filter { !features[$0].isEmpty }
      let hasConstants = constants.contains { $0.contains { $0 != 0 } }

      switch layer.readout {
      case .linear(let weights):
        let column = DenseMatrix(weights, rows: weights.count, columns: 1)
        for s in alive {
          for z in 0..<count {
            let map = features[s][features[s].count > 1 ? z : 0][0] * column
            for c in 0..<linear[s][z].count { linear[s][z][c] += map.elements[c] }
          }
        }
        for z in 0..<count { offsets[z] += zip(constants[z], weights).reduce(0) { $0 + $1.0 * $1.1 } }
      case .network(let first, let constant, let second):
        networks.append(
          MACEReadouts<Scalar>.Network(
            hidden: first.columns,
            maps: alive.map { s in LayerMap(source: s, matrices: features[s].map { [PlanMatrix($0[0] * first)] }) },
            constants: constants.map { (DenseMatrix($0, rows: 1, columns: $0.count) * first).elements }, activationConstant: constant,
            weights: second))
      }

      if t + 1 < model.layers.count {
        let next = model.layers[t + 1]
        sent.append(
          alive.map { s in
            LayerMap(
              source: s,
              matrices: features[s].map { degrees in
                (0...min(next.inputDegree, degrees.count - 1)).map { PlanMatrix(degrees[$0] * next.up[$0]) }
              })
          })
        let width = PlanTerms((0...next.inputDegree).map { ($0, next.channels) }).width
        sentConstants.append(
          hasConstants
            ? constants.map { c in
              let sent = (DenseMatrix(c, rows: 1, columns: c.count) * next.up[0]).elements
              return NumberBlock(rounding: sent + [Double](repeating: 0, count: width - sent.count))
            } : nil)
      } else {
        sent.append([])
        sentConstants.append(nil)
      }
    }
    readouts = MACEReadouts(linear: linear.map { $0.map { $0.map { Scalar($0) } } }, networks: networks, offsets: offsets)
  }
}

extension DenseMatrix {
  /// Some of the columns.
  func columns(_ range: Range<Int>) -> DenseMatrix {
    var result = DenseMatrix.zero(rows, range.count)
    for i in 0..<rows { for j in range { result[i, j - range.lowerBound] = self[i, j] } }
    return result
  }

  /// One beside the other.
  static func beside(_ parts: [DenseMatrix]) -> DenseMatrix {
    var result = DenseMatrix.zero(parts[0].rows, parts.reduce(0) { $0 + $1.columns })
    var start = 0
    for part in parts {
      for i in 0..<part.rows { for j in 0..<part.columns { result[i, start + j] = part[i, j] } }
      start += part.columns
    }
    return result
  }

  /// Blocks of rows moved apart, so that each begins with a whole tile.
  func spreadingRows(blocks: Int) -> DenseMatrix {
    if blocks == padded(blocks) || rows == 0 { return self }
    var result = DenseMatrix.zero(rows / blocks * padded(blocks), columns)
    for i in 0..<rows { for j in 0..<columns { result[i / blocks * padded(blocks) + i % blocks, j] = self[i, j] } }
    return result
  }
}
