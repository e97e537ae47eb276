import RealModule
import Requirements

/// The irrep of S_n of a partition λ of n, in Young's orthogonal form; of the real type.
///
/// The basis is indexed by the standard tableaux of shape λ. The transposition s of i and i + 1 acts by s v_T = v_T / r + √(1 − 1/r²)
/// v_{sT}, where r is the content of i + 1 less that of i in T. ([n] is trivial, [1, ..., 1] the sign, [n − 1, 1] the permutation
/// representation without its invariant.) Sources: Young 1931; James and Kerber 1981, theorem 3.4.
public struct SymmetricGroupIrrep: IrreducibleRepresentation {
  /// λ.
  public let partition: Partition
  /// The number of standard tableaux of shape λ.
  public let dimension: Int
  /// For each i: for each tableau T, 1/r and the place of sT (T itself where r = ±1).
  private let transpositions: [[(inverseDistance: Double, partner: Int)]]

  /// The irrep of a partition of n; traps where its dimension exceeds 2²⁰. ``Partition/character(on:)`` needs no tableaux.
  public init(_ partition: Partition) {
    require(
      partition.irrepDimension <= 1 << 20,
      "expected an irrep of dimension at most 2^20, received \(partition) of \(partition.irrepDimension)")
    self.partition = partition
    let tableaux = YoungTableau.standard(of: partition)
    dimension = tableaux.count
    let places = Dictionary(uniqueKeysWithValues: tableaux.enumerated().map { ($1.rows, $0) })
    transpositions = (0..<max(partition.size - 1, 0)).map { i in
      tableaux.enumerated().map { place, tableau in
        let distance = tableau.contents[i + 1] - tableau.contents[i]
        let partner = abs(distance) == 1 ? place : places[tableau.exchanging(i).rows]!
        return (1 / Double(distance), partner)
      }
    }
  }

  /// The matrix ρ(σ), as a product over the adjacent transpositions that sort σ's images.
  public func callAsFunction(_ g: Permutation) -> Matrix<Double> {
    require(g.count == partition.size, "expected a permutation of \(partition.size) points, received one of \(g.count)")
    var result = Matrix<Double>.identity(dimension).elements
    var images = g.images
    // σ s₁ s₂ ... s_k = 1, so σ = s_k ... s₁: each s multiplies from the left.
    for last in stride(from: images.count - 1, to: 0, by: -1) {
      for i in 0..<last where images[i] > images[i + 1] {
        images.swapAt(i, i + 1)
        apply(transpositions[i], to: &result)
      }
    }
    return Matrix(rows: dimension, columns: dimension, result)
  }

  private func apply(_ transposition: [(inverseDistance: Double, partner: Int)], to rows: inout [Double]) {
    for (place, (cosine, partner)) in transposition.enumerated() {
      if partner == place {
        if cosine < 0 { for j in 0..<dimension { rows[place * dimension + j].negate() } }
      } else if partner > place {
        let sine = Double.sqrt((1 - cosine) * (1 + cosine))
        for j in 0..<dimension {
          let (a, b) = (rows[place * dimension + j], rows[partner * dimension + j])
          rows[place * dimension + j] = cosine * a + sine * b
          rows[partner * dimension + j] = sine * a - cosine * b
        }
      }
    }
  }

  /// The character, exactly, by the Murnaghan-Nakayama rule.
  public func character(of g: Permutation) -> Double { Double(partition.character(on: g.conjugacyClass)) }

  /// Whether the partitions are the same.
  public static func == (a: Self, b: Self) -> Bool { a.partition == b.partition }

  /// Hashes the partition.
  public func hash(into hasher: inout Hasher) { hasher.combine(partition) }

  /// The partition, "[3, 1]".
  public var description: String { partition.description }
}

extension SymmetricGroup: GroupWithIrreps {
  /// All irreps, whatever the degree: one for each partition of n, [n] (trivial) first and [1, ..., 1] (sign) last.
  public func irreps(upTo degree: Int) -> [SymmetricGroupIrrep] { Partition.all(of: n).map { SymmetricGroupIrrep($0) } }
}
