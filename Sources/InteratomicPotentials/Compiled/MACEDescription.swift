import DifferentiableTensors

/// A MACE as matrices: what its plan is compiled from. All factors of normalisation are in the matrices.
package struct MACEDescription: Sendable {
  package struct Layer: Sendable {
    /// Radial weights of every path and channel at lengths, [lengths, weights]; of a pair of elements (centre, neighbour) where they depend on it.
    package var radial: @Sendable (_ lengths: [Double], _ centre: Int, _ neighbor: Int) -> DenseMatrix
    package var radialKnowsElements: Bool
    /// Degrees of the features that are sent, from 0 on, and their number of channels.
    package var inputDegree: Int
    package var channels: Int
    /// By degree: from the features after the layer before to those that are sent, [channels, channels].
    package var up: [DenseMatrix]
    /// Couplings; the slot is the degree of the sums, and channels of paths lie one after the other in it.
    package var paths: [(inputDegree: Int, harmonic: Int, degree: Int, weight: Int)]
    /// By degree: from the sums of all paths to the argument of the contraction, [paths channels, channels].
    package var mixing: [DenseMatrix]
    /// By degree and element: further mixing of the element at the centre; nil for none.
    package var centre: [[DenseMatrix]]?
    /// The largest degree of the argument of the contraction and of its result.
    package var sumDegree: Int, outputDegree: Int
    /// The contraction: monomials of components (l² + l + m), by output component.
    package var monomials: [PolynomialPlan.Monomial]
    /// For an element, the coefficients of each monomial and channel.
    package var coefficients: @Sendable (_ element: Int) -> [PolynomialPlan.Monomial: [Double]]
    /// By degree: [channels, channels] after the contraction.
    package var product: [DenseMatrix]
    /// By degree and element: what is added of the features before the layer; nil for none.
    package var skip: [[DenseMatrix]]?
    /// Energies of the scalars after the layer, multiplied by the model's scale.
    package var readout: Readout

    package init(
      radial: @escaping @Sendable ([Double], Int, Int) -> DenseMatrix, radialKnowsElements: Bool, inputDegree: Int, channels: Int,
      up: [DenseMatrix], paths: [(inputDegree: Int, harmonic: Int, degree: Int, weight: Int)], mixing: [DenseMatrix],
      centre: [[DenseMatrix]]?, sumDegree: Int, outputDegree: Int, monomials: [PolynomialPlan.Monomial],
      coefficients: @escaping @Sendable (Int) -> [PolynomialPlan.Monomial: [Double]], product: [DenseMatrix], skip: [[DenseMatrix]]?,
      readout: MACEDescription.Readout
    ) {
      (self.radial, self.radialKnowsElements, self.inputDegree, self.channels) = (radial, radialKnowsElements, inputDegree, channels)
      (self.up, self.paths, self.mixing, self.centre) = (up, paths, mixing, centre)
      (self.sumDegree, self.outputDegree, self.monomials, self.coefficients) = (sumDegree, outputDegree, monomials, coefficients)
      (self.product, self.skip, self.readout) = (product, skip, readout)
    }
  }
  package enum Readout: Sendable {
    case linear([Double])
    /// c silu(x W₁) w₂
    case network(DenseMatrix, constant: Double, [Double])
  }

  package var elements: [Int]
  package var cutoff: Double
  /// Of the neighbours seen from the centre: +1, or −1 where the model's vectors point the other way.
  package var directionSign: Double
  /// The scalars of each element before the first layer.
  package var embedding: [[Double]]
  /// The energy of each element apart from the layers.
  package var offsets: [Double]
  package var layers: [Layer]
  /// The 3j coefficients of a triple of degrees as the model keeps them, with the factor √(2l₃+1).
  package var coefficients: @Sendable (Int, Int, Int) -> [Double]

  package init(
    elements: [Int], cutoff: Double, directionSign: Double, embedding: [[Double]], offsets: [Double], layers: [Layer],
    coefficients: @escaping @Sendable (Int, Int, Int) -> [Double]
  ) {
    (self.elements, self.cutoff, self.directionSign, self.embedding) = (elements, cutoff, directionSign, embedding)
    (self.offsets, self.layers, self.coefficients) = (offsets, layers, coefficients)
  }
}
