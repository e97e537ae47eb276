import DifferentiableTensors
import EquivariantLayers
import FileFormats
import GroupTheory
import NeuralModules

/// How the columns of a radial network's last matrix are ordered in a file.
enum RadialColumnOrder {
  /// By input term, degree of the harmonics and degree of the result: the order in which paths are made.
  case creation
  /// By degree and parity of the result, and then in the order in which paths are made; that of this library.
  case sorted
}

/// The conventions of a file's radial networks.
struct RadialConventions {
  /// What activations are multiplied by.
  var activation = Activation.silu.factor(.e3nn)
  /// Whether products with a matrix are divided by the root of its number of rows.
  var dividesByFanIn = true
  /// What the file's radial functions are, relative to those of ``RadialFunctions``.
  var scale = 1.0
  var order = RadialColumnOrder.sorted
  /// The sign table; nil where it is not known, which matters only for some paths.
  var signs: E3NNSigns? = .new
}

extension RadialNetwork<Double> {
  /// The matrices of a file, named by their numbers, with constants multiplied into them and with columns in the order and of the signs of this
  /// library.
  ///
  /// - Throws: where there is no such matrix, and where the sign table is not known at a degree.
  mutating func take(
    _ name: (Int) -> String, _ conventions: RadialConventions, product: TensorProduct<Double>, from file: inout ForeignWeights
  ) throws(FileFormatError) {
    var matrices: [Tensor<Double>] = []
    for (i, matrix) in weights.enumerated() { matrices.append(try file.tensor(name(i), matrix.shape.dimensions)) }
    let last = matrices.count - 1
    weights = matrices.enumerated().map { number, matrix in
      var factor = number == 0 ? conventions.scale : conventions.activation
      if conventions.dividesByFanIn { factor /= Double(matrix.shape[0]).squareRoot() }
      return matrix * factor
    }
    let paths = product.convolutionPaths
    func degrees(_ path: ConvolutionPath) -> (Int, Int, Int) {
      (product.first.terms[path.input].irrep.degree, path.degree, product.output.terms[path.output].irrep.degree)
    }
    var (starts, next) = ([Int](repeating: 0, count: paths.count), 0)
    let order =
      switch conventions.order {
      case .sorted: Array(paths.indices)
      case .creation:
        paths.indices.sorted { a, b in
          let (x, y) = (paths[a], paths[b])
          return (x.input, x.degree, degrees(x).2) < (y.input, y.degree, degrees(y).2)
        }
      }
    for place in order {
      starts[place] = next
      next += paths[place].columns.count
    }
    var columns: [Tensor<Double>] = []
    for (place, own) in paths.enumerated() {
      let (l1, l2, l3) = degrees(own)
      // Without a table, a coefficient must have the same sign in both.
      let sign = (conventions.signs ?? .old).sign(l1, l2, l3)
      guard let sign, conventions.signs != nil || sign == 1 else {
        throw FileFormatError(
          .unsupported, path: file.path, cause: "the sign of the 3j coefficient (\(l1), \(l2), \(l3)) in this model is not known",
          cure: "convert the model again, with its coefficients, or one that was saved with e3nn 0.5 or later")
      }
      columns.append(weights[last].sliced(axis: 1, starts[place]..<starts[place] + own.columns.count) * sign)
    }
    weights[last] = .concatenated(columns)
  }
}

extension ElementLinear<Double> {
  /// Weights of an array in e3nn's flat order: by input term, then by output term, [in, out] each, or [in, elements, out] of a fully connected
  /// product with one-hot elements, whose fan-in counts these.
  mutating func take(_ name: String, from file: inout ForeignWeights) throws(FileFormatError) {
    let flat = try file.values(name, count: weights.reduce(0) { $0 + $1.count })
    var start = 0
    for (i, path) in paths.enumerated() {
      let (inputs, outputs) = (input.terms[path.input].multiplicity, output.terms[path.output].multiplicity)
      let block = Tensor(Array(flat[start..<start + inputs * elements * outputs]), shape: [inputs, elements, outputs])
      weights[i] = block.transposed(0, 1) * (1 / Double(elements).squareRoot())
      start += inputs * elements * outputs
    }
  }
}

extension EquivariantLinear<Double> {
  /// Weights of an array in e3nn's flat order.
  mutating func take(_ name: String, from file: inout ForeignWeights) throws(FileFormatError) {
    e3nnWeight = Tensor(try file.values(name, count: weights.reduce(0) { $0 + $1.count }))
  }
}
