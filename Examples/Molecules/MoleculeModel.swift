import Equivariant

/// The potential energy of a molecule: scale × network + shift, in kcal/mol, and its forces.
struct MoleculeModel: Module {
  var network: any MoleculeNetwork
  /// The mean energy of the training set and the root mean square of its forces, [2].
  var units: Tensor<Float>

  init(_ network: any MoleculeNetwork, shift: Double, scale: Double) {
    (self.network, units) = (network, Tensor([Float(shift), Float(scale)]))
  }

  var shift: Double { Double(units.elements[0]) }
  var scale: Float { units.elements[1] }

  /// The energies minus the shift, [conformations], and the forces, [atoms of all conformations, 3], both divided by the scale. In training
  /// the forces can be differentiated with respect to the parameters.
  func callAsFunction(_ batch: GeometricBatch<Float>, training: Bool) -> (energies: Tensor<Float>, forces: Tensor<Float>) {
    var batch = batch
    batch.positions = batch.positions.asVariable()
    let energies = network.energies(batch)
    let forces = -gradient(of: energies.sum(), withRespectTo: batch.positions, keepingGraph: training)
    return (energies.reshaped(energies.count), forces)
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    func visit(_ network: inout some MoleculeNetwork, _ visitor: inout ParameterVisitor<Float>) { visitor("network", &network) }
    visit(&network, &visitor)
    visitor.buffer("units", &units)
  }
}
