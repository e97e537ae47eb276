/// What a potential says of a structure.
public struct PotentialPrediction: Sendable {
  /// In eV.
  public var energy: Double
  /// The energy of each atom in eV; they add up to ``energy``.
  public var atomEnergies: [Double]
  /// −∂E/∂x of each atom in eV/Å.
  public var forces: [SIMD3<Double>]
  /// −∂E/∂ε in eV under the symmetric strain x → x + xε of positions and cell: the rows of a symmetric 3 x 3 matrix. The stress is −virial/volume.
  public var virial: [Double]

  /// From its parts.
  public init(energy: Double, atomEnergies: [Double], forces: [SIMD3<Double>], virial: [Double]) {
    (self.energy, self.atomEnergies, self.forces, self.virial) = (energy, atomEnergies, forces, virial)
  }

  /// ∂E/∂ε over the volume in eV/Å³, in the order xx, yy, zz, yz, xz, xy, positive where the structure wants to contract.
  public func stress(volume: Double) -> [Double] { [0, 4, 8, 5, 2, 1].map { -virial[$0] / volume } }
}
