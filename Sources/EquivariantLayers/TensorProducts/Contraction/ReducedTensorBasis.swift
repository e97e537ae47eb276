import GroupTheory
import Requirements

/// The irreps of tensors with symmetric or antisymmetric indices, and the change of basis to them (e3nn's `ReducedTensorProducts`).
///
/// The tensors T of the formula's symmetry, with each index in some irreps of O(3), are a representation; row r of the basis gives its
/// component z_r = Σ Q_r[i, j, ...] T[i, j, ...] in the order of ``irreps``. The rows are orthonormal, so that T = Σ_r z_r Q_r.
/// ```swift
/// let elasticity = ReducedTensorBasis("ijkl=jikl=ijlk=klij", ["i": "1o"])
/// print(elasticity.irreps)      // 2x0e+2x2e+1x4e
/// ```
public struct ReducedTensorBasis: Sendable {
  /// A non-zero element of Q.
  public struct Entry: Sendable {
    /// The component of each index.
    public let indices: [Int]
    /// Q_r[i, j, ...].
    public let value: Double
  }

  /// The irreps of each index.
  public let factors: [Irreps<O3>]
  /// The irreps of the tensors, regrouped.
  public let irreps: Irreps<O3>
  /// The rows of Q.
  public let rows: [[Entry]]

  /// A set of tensors that transforms by an irrep: for each component, the elements by their flat index.
  private struct Chain {
    let irrep: O3.Irrep
    let components: [[Int: Double]]
  }

  /// The basis of the tensors of a symmetry.
  ///
  /// - Parameters:
  ///   - symmetry: the formula.
  ///   - irreps: the irreps of each index; of indices that the formula exchanges, only one needs to be named.
  ///   - outputs: where given, the only irreps that are kept.
  public init(_ symmetry: IndexSymmetry, _ irreps: [Character: Irreps<O3>], only outputs: Set<O3.Irrep>? = nil) {
    let count = symmetry.indices.count
    factors = (0..<count).map { i in
      let known = Set((0..<count).filter { symmetry.relates(i, $0) }.compactMap { irreps[symmetry.indices[$0]] })
      require(known.count == 1, "expected one list of irreps for index \(symmetry.indices[i]), received \(known.count)")
      return known.first!
    }
    let dimensions = factors.map(\.dimension)
    let chains = ReducedTensorBasis.chains(factors, upTo: outputs?.map(\.degree).max())
    // The projector on the symmetry is the mean over the signed permutations.
    func projected(_ tensor: [Int: Double]) -> [Int: Double] {
      var result: [Int: Double] = [:]
      for (flat, value) in tensor {
        let place = ReducedTensorBasis.unflattened(flat, dimensions)
        for (images, sign) in symmetry.permutations {
          let moved = zip(images, dimensions).reduce(0) { $0 * $1.1 + place[$1.0] }
          result[moved, default: 0] += Double(sign) * value / Double(symmetry.permutations.count)
        }
      }
      return result
    }
    var (terms, rows) = ([Irreps<O3>.Term](), [[Entry]]())
    for irrep in Set(chains.map(\.irrep)).sorted() where outputs?.contains(irrep) ?? true {
      // The projector commutes with rotations: it acts on chains as on their components 0, a matrix whose range is the basis.
      let chains = chains.filter { $0.irrep == irrep }
      var (basis, trace) = ([[Double]](), 0.0)
      for (k, chain) in chains.enumerated() {
        let image = projected(chain.components[irrep.degree])
        let column = chains.map { other in other.components[irrep.degree].reduce(0) { $0 + $1.value * (image[$1.key] ?? 0) } }
        trace += column[k]
        if let next = direction(of: column, outside: basis) { basis.append(next) }
      }
      require(basis.count == Int(trace.rounded()), "expected \(trace) tensors of \(irrep), found \(basis.count)")
      if basis.isEmpty { continue }
      terms.append(Irreps<O3>.Term(basis.count, irrep))
      for m in 0..<irrep.dimension {
        for weights in basis {
          var row: [Int: Double] = [:]
          for (weight, chain) in zip(weights, chains) where weight != 0 {
            for (flat, value) in chain.components[m] { row[flat, default: 0] += weight * value }
          }
          rows.append(
            row.filter { abs($0.value) > 1e-14 }.sorted { $0.key < $1.key }.map {
              Entry(indices: ReducedTensorBasis.unflattened($0.key, dimensions), value: $0.value)
            })
        }
      }
    }
    (self.irreps, self.rows) = (Irreps(terms), rows)
  }

  /// Orthonormal chains of couplings ((a ⊗ b) ⊗ c) ⊗ ... of all irreps, or of those that can still reach degree `largest`.
  private static func chains(_ factors: [Irreps<O3>], upTo largest: Int?) -> [Chain] {
    var result = [Chain(irrep: .scalar, components: [[0: 1]])]
    for (n, factor) in factors.enumerated() {
      let reach = largest.map { factors[(n + 1)...].reduce($0) { $0 + ($1.maximumDegree ?? 0) } } ?? .max
      result = result.flatMap { chain in
        zip(factor.terms, factor.slices).flatMap { term, slice in
          (0..<term.multiplicity).flatMap { channel in
            (chain.irrep * term.irrep).filter { $0.degree <= reach }.map { irrep in
              var components = [[Int: Double]](repeating: [:], count: irrep.dimension)
              let (l1, l2, l3) = (chain.irrep.degree, term.irrep.degree, irrep.degree)
              for entry in CouplingCoefficients.clebschGordan(l1, l2, l3).entries {
                let place = slice.lowerBound + (entry.m2 + l2) * term.multiplicity + channel
                for (flat, value) in chain.components[entry.m1 + l1] {
                  components[entry.m3 + l3][flat * factor.dimension + place, default: 0] += entry.value * value
                }
              }
              return Chain(irrep: irrep, components: components)
            }
          }
        }
      }
    }
    return result
  }

  private static func unflattened(_ flat: Int, _ dimensions: [Int]) -> [Int] {
    var (rest, result) = (flat, [Int](repeating: 0, count: dimensions.count))
    for i in dimensions.indices.reversed() { (rest, result[i]) = rest.quotientAndRemainder(dividingBy: dimensions[i]) }
    return result
  }
}
