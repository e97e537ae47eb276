import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// The complete Clebsch-Gordan product, with every path (l₁, l₂, l₃) apart, through functions on the sphere (after arXiv 2602.21466).
///
/// It is the same map as the ``TensorProduct`` of ``first``, ``second`` and ``output`` with ``instructions``, computed in another way. For
/// one pair of degrees, f = Σ x_{l₁m} Y and g = Σ y_{l₂m} Y, the product f g holds all paths with an even l₁+l₂+l₃ and the bracket r̂ · (∇f
/// × ∇g) all with an odd one, each times a number that is not 0 (see ``GauntTensorProduct`` and ``VectorSignalGauntProduct``), by which it
/// is divided. Fields are made once for each degree, and a pair takes three products per point, a Fourier transform and a Legendre sum.
///
/// That sum is O(L⁵), as is the direct product, and the rest is O(L⁴ log L) with a large factor. At L = 4 to 16 the direct product is three
/// to nine times as fast (`benchmarks gaunt --only complete/`) and should be used; this one is an independent way to the same numbers.
/// ```swift
/// let product = CompleteProduct<Float>("64x0e + 64x1o + 64x2e", "64x0e + 64x1o + 64x2e", maximumDegree: 2)
/// let z = product(x, y)         // 64x0e + 64x0e + 64x0e + 64x1o + ...
/// ```
public struct CompleteProduct<Scalar: TensorScalar>: Module {
  /// The irreps of the first operand.
  public var first: Irreps<O3> { signals.first.irreps }
  /// The irreps of the second operand.
  public var second: Irreps<O3> { signals.second.irreps }
  /// The irreps of the result: a term for each path, sorted by irrep, then by the terms of the operands.
  public let output: Irreps<O3>
  /// The path to each term of the output.
  public let instructions: [TensorProduct<Scalar>.Instruction]
  private let signals: (first: SphereSignal, second: SphereSignal)
  private let kernel: SpherePathsKernel<Scalar>

  /// - Parameters:
  ///   - first: functions on the sphere: distinct degrees in ascending order with equal multiplicities, and parities (−1)^l or all
  ///     opposite.
  ///   - second: the same, with as many channels or one that serves all.
  ///   - maximumDegree: the largest degree of the result; nil for all.
  public init(_ first: Irreps<O3>, _ second: Irreps<O3>, maximumDegree: Int? = nil) {
    let signals = (first: SphereSignal(first), second: SphereSignal(second))
    self.signals = signals
    let (channels, others) = (signals.first.channels, signals.second.channels)
    require(others == channels || others == 1, "expected \(channels) channels or one in the second operand, received \(others)")
    let paths = first.terms.indices.flatMap { i in
      second.terms.indices.flatMap { j in
        (first.terms[i].irrep * second.terms[j].irrep).filter { $0.degree <= maximumDegree ?? .max }.map { (i: i, j: j, irrep: $0) }
      }
    }
    require(!paths.isEmpty, "expected paths to degrees up to \(maximumDegree ?? 0), received \(first) and \(second), which have none")
    let order = paths.indices.sorted { (paths[$0].irrep, $0) < (paths[$1].irrep, $1) }
    let output = Irreps<O3>(order.map { .init(channels, paths[$0].irrep) })
    let connection: TensorProduct<Scalar>.Connection = others == channels ? .uuu : .uvu
    instructions = order.enumerated().map { term, path in
      TensorProduct.Instruction(paths[path].i, paths[path].j, term, connection, isWeighted: false)
    }
    self.output = output
    var places = [Int](repeating: 0, count: paths.count)
    for (term, path) in order.enumerated() { places[path] = output.slices[term].lowerBound / channels + paths[path].irrep.degree }
    kernel = SpherePathsKernel(
      degrees: (signals.first.degree, signals.second.degree),
      paths: zip(paths, places).map { path, place in
        SpherePath(
          degrees: SphereDegrees(
            first: first.terms[path.i].irrep.degree, second: second.terms[path.j].irrep.degree, output: path.irrep.degree), place: place)
      }, components: output.dimension / channels)
  }

  /// The product of features of ``first`` and ``second`` with the same outer axes.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>, _ y: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    require(x.outerShape == y.outerShape, "expected operands with the same outer axes, received \(x.outerShape) and \(y.outerShape)")
    let (a, b) = (signals.first.coefficients(x), signals.second.coefficients(y))
    let z = kernel.product(a, b)
    return IrrepsTensor(z.reshaped(to: Shape(x.outerShape + [output.dimension])), irreps: output)
  }

  /// There are no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {}
}

extension SpherePathsKernel {
  /// z [..., components, channels] from coefficients x [..., (L₁+1)², channels] and y [..., (L₂+1)², channels or 1].
  func product(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    let channels = x.shape[-1]
    let outer = x.shape.dimensions.dropLast(2)
    let columns = SphereColumns(rows: outer.reduce(1, *), channels: channels, secondChannels: y.shape[-1])
    let value = forward(columns, x, y, shape: Shape(outer + [components[2], channels]))
    return .operation([x, y], value: value) { _, g in
      if !isRecording { return backward(columns, x, y, g, wanted: (x.requiresGradient, y.requiresGradient)) }
      return [gradient(0, [x, y, g], columns), gradient(1, [x, y, g], columns)]
    }
  }

  /// The gradient of the trilinear sum of g z by x or by y (0 or 1), of which `values` need only have the shape. A form that is linear in
  /// all three has itself as its derivatives, with the cotangent in the place of the operand.
  private func gradient(_ operand: Int, _ values: [Tensor<Scalar>], _ columns: SphereColumns) -> Tensor<Scalar> {
    let other = 1 - operand
    let value = backward(columns, values[0], values[1], values[2], wanted: (operand == 0, operand == 1))[operand]!
    return .operation([values[other], values[2]], value: value) { _, cotangent in
      var values = values
      values[operand] = cotangent
      return [gradient(other, values, columns), product(values[0], values[1])]
    }
  }
}
