import DifferentiableTensors
import EquivariantLayers
import NeuralModules
import Requirements

/// The repulsion of screened nuclei (Ziegler, Biersack and Littmark 1985), cut off smoothly where the atoms would be bound:
///
///     Eᵢ = ½ Σⱼ k ZᵢZⱼ/r φ(r/a) u(r),   φ(x) = Σ cₘ exp(−dₘ x),   a = a₀ f / (Zᵢᵗ + Zⱼᵗ),
///
/// with k = 14.3996 eV Å, f = 0.4543, a₀ = 0.529 Å and t = 0.3, and with u the polynomial envelope of exponent p whose radius is the sum of the
/// covalent radii (Cordero et al. 2008). It is the pair repulsion of MACE (Batatia et al. 2023).
public struct ZBLRepulsion<Scalar: TensorScalar>: Module {
  /// The atomic numbers of the elements.
  public let elements: [Int]
  /// p.
  public let power: Int
  /// f, a number; may be trained by others.
  public var screening: Tensor<Scalar>
  /// t, a number.
  public var exponent: Tensor<Scalar>
  /// The covalent radius of each element in Å, [elements].
  public var radii: Tensor<Scalar>

  /// The repulsion of these elements.
  public init(elements: [Int], power: Int = 6) {
    (self.elements, self.power) = (elements, power)
    (screening, exponent) = (Tensor(0.4543), Tensor(0.3))
    radii = Tensor(elements.map { Scalar(covalentRadius(ofAtomicNumber: $0)) })
  }

  /// The energy of each atom in eV, [atoms].
  public func callAsFunction(_ batch: StructureBatch<Scalar>) -> Tensor<Scalar> {
    let charges = Tensor(elements.map { Scalar($0) })
    func ofEnds(_ values: Tensor<Scalar>) -> (Tensor<Scalar>, Tensor<Scalar>) {
      let byAtom = values.gathered(batch.species)
      return (byAtom.gathered(batch.graph.receivers), byAtom.gathered(batch.graph.senders))
    }
    let r = batch.vectors.norm()
    let (zi, zj) = ofEnds(charges)
    let (ti, tj) = ofEnds((charges.log() * exponent).exp())
    let (ri, rj) = ofEnds(radii)
    let x = r * (ti + tj) / (screening * Scalar(0.529))
    let terms: [(Double, Double)] = [(0.1818, 3.2), (0.5099, 0.9423), (0.2802, 0.4028), (0.02817, 0.2016)]
    let screened = terms.map { (x * Scalar(-$0.1)).exp() * Scalar($0.0) }
    let factor = zi * zj * Scalar(0.5 * 14.3996) / r
    // The envelope of radius 1 of lengths over the radius of each edge.
    let envelope = CutoffFunction(.polynomial(p: power), radius: 1)(r / (ri + rj))
    return (factor * screened.dropFirst().reduce(screened[0], +) * envelope).scatterAdded(batch.graph.receivers)
  }

  /// screening, exponent and radii, as buffers
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor.buffer("screening", &screening)
    visitor.buffer("exponent", &exponent)
    visitor.buffer("radii", &radii)
  }
}
