import DifferentiableTensors
import NeuralModules

/// Lengths brought to 0 ... 1, with more resolution where the two elements are bound (Witt et al. 2023, as MACE has it):
///
///     x = 1/(1 + a s^q/(1 + s^(q−p))),   s = r/r₀,
///
/// with r₀ half the sum of the covalent radii, and numbers a, q and p.
public struct AgnesiTransform<Scalar: TensorScalar>: Module {
  /// The covalent radius of each element in Å, [elements].
  public var radii: Tensor<Scalar>
  /// a, q and p.
  public var numbers: Tensor<Scalar>

  /// The transformation for these elements.
  public init(elements: [Int]) {
    radii = Tensor(elements.map { Scalar(covalentRadius(ofAtomicNumber: $0)) })
    numbers = Tensor([1.0805, 0.9183, 4.5791])
  }

  /// x of the lengths r of the edges of a batch, [edges].
  public func callAsFunction(_ r: Tensor<Scalar>, _ batch: StructureBatch<Scalar>) -> Tensor<Scalar> {
    let byAtom = radii.gathered(batch.species)
    let sum = byAtom.gathered(batch.graph.receivers) + byAtom.gathered(batch.graph.senders)
    let logarithm = (r * 2 / sum).log()
    let (a, q, p) = (numbers.selected(axis: 0, 0), numbers.selected(axis: 0, 1), numbers.selected(axis: 0, 2))
    let powers = ((logarithm * q).exp() * a) / ((logarithm * (q - p)).exp() + 1)
    return (powers + 1).power(-1)
  }

  /// radii and numbers, as buffers
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor.buffer("radii", &radii)
    visitor.buffer("numbers", &numbers)
  }
}
