import DifferentiableTensors
import Requirements

/// The part of energies that the numbers of atoms of each element explain, by least squares: E ≈ Σ over the atoms of a share that belongs
/// to their element.
///
/// What is left is smaller by orders of magnitude, and is what a network should learn. The shares stand in for energies of free atoms where
/// these are not known.
/// ```swift
/// let fit = CompositionFit(energies: [-10.2, -7.1, -3.2], atomicNumbers: [[8, 1, 1], [8, 1], [1, 1]])
/// let rest = -10.2 - fit.energy(of: [8, 1, 1])
/// ```
public struct CompositionFit: Sendable, Equatable {
  /// The share of an atom of each element, by atomic number, in the unit of the energies.
  public let shares: [Int: Double]

  /// Fits the energies of structures of these atoms. Where they do not determine the shares, as for one molecule alone, these are the ones
  /// with the least sum of squares among those that fit best.
  public init(energies: [Double], atomicNumbers: [[Int]]) {
    require(
      energies.count == atomicNumbers.count,
      "an energy of each of the \(atomicNumbers.count) structures is expected, received \(energies.count)")
    let elements = Set(atomicNumbers.flatMap { $0 }).sorted()
    guard !elements.isEmpty else {
      shares = [:]
      return
    }
    let counts = Tensor<Double>(rows: atomicNumbers.map { atoms in elements.map { element in Double(atoms.count { $0 == element }) } })
    // The pseudoinverse by the eigenvectors of the normal equations.
    let (values, vectors) = Tensor.matmul(counts.transposed(), counts).symmetricEigen()
    let moments = Tensor.matmul(counts.transposed(), Tensor(energies).expandingAxis(1))
    let largest = values.max().item
    let inverse = Tensor<Double>(values.elements.map { $0 > 1e-12 * largest ? 1 / $0 : 0 })
    let solution = Tensor.matmul(vectors, Tensor.matmul(vectors.transposed(), moments) * inverse.expandingAxis(1)).elements
    shares = Dictionary(uniqueKeysWithValues: zip(elements, solution))
  }

  /// The sum of the shares of some atoms; elements that the fit has not seen count as 0.
  public func energy(of atomicNumbers: some Sequence<Int>) -> Double { atomicNumbers.reduce(0) { $0 + (shares[$1] ?? 0) } }
}
