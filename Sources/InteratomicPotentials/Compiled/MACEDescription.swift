import DifferentiableTensors

/// A MACE as matrices: what its plan is compiled from. All factors of normalisation are in the matrices.
struct MACEDescription: Sendable {
  struct Layer: Sendable {
    /// The hidden features of the radial network at lengths, [lengths, hidden]; of a pair of elements (centre, neighbour) where they depend on it.
    var hidden: @Sendable (_ lengths: [Double], _ centre: Int, _ neighbor: Int) -> DenseMatrix
    /// From these to the weights of every path and channel.
    var weights: DenseMatrix
    var radialKnowsElements: Bool
    /// Degrees of the features that are sent, from 0 on, and their number of channels.
    var inputDegree: Int
    var channels: Int
    /// By degree: from the features after the layer before to those that are sent, [channels, channels].
    var up: [DenseMatrix]
    /// Couplings; the slot is the degree of the sums, and channels of paths lie one after the other in it.
    var paths: [(inputDegree: Int, harmonic: Int, degree: Int, weight: Int)]
    /// By degree: from the sums of all paths to the argument of the contraction, [paths channels, channels].
    var mixing: [DenseMatrix]
    /// By degree and element: further mixing of the element at the centre; nil for none.
    var centre: [[DenseMatrix]]?
    /// The largest degree of the argument of the contraction and of its result.
    var sumDegree: Int, outputDegree: Int
    /// The contraction: monomials of components (l² + l + m), by output component.
    var monomials: [PolynomialPlan.Monomial]
    /// For an element, the coefficients of each monomial and channel.
    var coefficients: @Sendable (_ element: Int) -> [PolynomialPlan.Monomial: [Double]]
    /// By degree: [channels, channels] after the contraction.
    var product: [DenseMatrix]
    /// By degree and element: what is added of the features before the layer; nil for none.
    var skip: [[DenseMatrix]]?
    /// Energies of the scalars after the layer, multiplied by the model's scale.
    var readout: Readout
  }
  enum Readout: Sendable {
    case linear([Double])
    /// c silu(x W₁) w₂
    case network(DenseMatrix, constant: Double, [Double])
  }

  var elements: [Int]
  var cutoff: Double
  /// Of the neighbours seen from the centre: +1, or −1 where the model's vectors point the other way.
  var directionSign: Double
  /// The scalars of each element before the first layer.
  var embedding: [[Double]]
  /// The energy of each element apart from the layers.
  var offsets: [Double]
  var layers: [Layer]
  /// The element whose pairs have the steepest radial functions, where these depend on elements.
  var steepestElement = 0
  /// The 3j coefficients of a triple of degrees as the model keeps them, with the factor √(2l₃+1).
  var coefficients: @Sendable (Int, Int, Int) -> [Double]
}
