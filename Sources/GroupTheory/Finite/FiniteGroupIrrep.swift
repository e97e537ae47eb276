import RealModule

/// An irreducible real representation of a ``TableGroup``, by its number among all of them.
///
/// The irreps are found in the regular representation: a symmetric combination of right translations commutes with all left ones, and for
/// generic coefficients its eigenspaces are irreducible, with each irrep as often as its dimension over its commuting algebra. The matrices
/// are orthogonal, to rounding, in a basis that is arbitrary.
public struct FiniteGroupIrrep: IrreducibleRepresentation {
  /// The group.
  public let group: TableGroup
  /// The number of the irrep: 0 is the trivial one, then by dimension and by characters.
  public let number: Int

  private var matrices: FiniteIrrepMatrices { group.storage.irreps[number] }

  /// dim ρ.
  public var dimension: Int { matrices.dimension }
  /// The matrix ρ(g).
  public func callAsFunction(_ g: Int) -> Matrix<Double> { matrices.matrices[group.index(of: g)] }
  /// tr ρ(g).
  public func character(of g: Int) -> Double { matrices.characters[group.index(of: g)] }
  /// The matrix 1, with J for the complex type, and with I, J, K for the quaternionic one.
  public var endomorphisms: [Matrix<Double>] { matrices.endomorphisms }
  /// "ρ3 (dimension 2)"
  public var description: String { "ρ\(number) (dimension \(dimension))" }

  /// Whether both are the same irrep of one table.
  public static func == (a: FiniteGroupIrrep, b: FiniteGroupIrrep) -> Bool {
    a.number == b.number && (a.group.storage === b.group.storage || a.group.storage.table == b.group.storage.table)
  }
  /// Hashes the order and the number.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(group.order)
    hasher.combine(number)
  }
}

extension TableGroup: GroupWithIrreps {
  /// All irreps, whatever the degree, the trivial one first.
  public func irreps(upTo degree: Int) -> [FiniteGroupIrrep] {
    storage.irreps.indices.map { FiniteGroupIrrep(group: self, number: $0) }
  }
}

/// One irrep as matrices of all elements.
struct FiniteIrrepMatrices: Sendable {
  let dimension: Int
  let matrices: [Matrix<Double>]
  let characters: [Double]
  let endomorphisms: [Matrix<Double>]

  private init(_ matrices: [Matrix<Double>], inverses: [Int], square: (Int) -> Int) {
    self.matrices = matrices
    dimension = matrices[0].rows
    // Sums of roots of unity: rounding is taken from whole numbers.
    characters = matrices.map { m in
      let trace = m.trace
      return abs(trace - trace.rounded()) < 1e-10 ? trace.rounded() : trace
    }
    endomorphisms = Self.commutant(of: matrices, inverses: inverses, norm: characters.reduce(0) { $0 + $1 * $1 } / Double(matrices.count))
  }

  /// All irreps of a group, each class once.
  static func all(order n: Int, table: [Int], inverses: [Int]) -> [FiniteIrrepMatrices] {
    for attempt in 1... {
      // Coefficients without structure, equal for g and g⁻¹: then Σ a_g (right translation by g) is symmetric.
      func coefficient(_ g: Int) -> Double { wave(g + attempt) + wave(inverses[g] + attempt) }
      var sum = Matrix<Double>(zeros: n, n)
      for g in 0..<n { for h in 0..<n { sum[table[h * n + g], h] += coefficient(g) } }
      let eigen = SymmetricEigen(sum)
      let scale = max(abs(eigen.values[0]), abs(eigen.values[n - 1]), 1)
      var spaces: [Range<Int>] = []
      for k in 0..<n {
        if k > 0, eigen.values[k] - eigen.values[k - 1] < 1e-9 * scale {
          spaces[spaces.count - 1] = spaces.last!.lowerBound..<k + 1
        } else {
          spaces.append(k..<k + 1)
        }
      }
      var found: [FiniteIrrepMatrices] = []
      for space in spaces {
        let matrices = (0..<n).map { g in
          // ⟨e_i, L(g) e_j⟩ with (L(g) e)(g h) = e(h).
          var matrix = Matrix<Double>(zeros: space.count, space.count)
          for (i, a) in space.enumerated() {
            for (j, b) in space.enumerated() {
              var product = 0.0
              for h in 0..<n { product += eigen.vectors[table[g * n + h], a] * eigen.vectors[h, b] }
              matrix[i, j] = product
            }
          }
          return matrix
        }
        let traces = matrices.map(\.trace)
        let isKnown = found.contains { other in zip(other.characters, traces).allSatisfy { abs($0 - $1) < 1e-8 } }
        if !isKnown { found.append(FiniteIrrepMatrices(matrices, inverses: inverses) { table[$0 * n + $0] }) }
      }
      // Σ d² / (dimension of the commuting algebra) = |G| where every space is irreducible.
      let norms = found.map { $0.characters.reduce(0) { $0 + $1 * $1 } / Double(n) }
      let isWhole = norms.allSatisfy { norm in [1.0, 2, 4].contains { abs(norm - $0) < 1e-8 } }
      let squares = zip(found, norms).reduce(0) { $0 + Double($1.0.dimension * $1.0.dimension) / $1.1 }
      guard isWhole, abs(squares - Double(n)) < 1e-6 else {
        if attempt < 20 { continue }
        fatalError(
          "expected the regular representation to split into irreps, received parts of norms \(norms) and squares \(squares) of \(n)")
      }
      return found.sorted { a, b in
        if a.dimension != b.dimension { return a.dimension < b.dimension }
        // The trivial one has the largest characters.
        for (x, y) in zip(a.characters, b.characters) where abs(x - y) > 1e-8 { return x > y }
        return false
      }
    }
    fatalError("there are more attempts")
  }

  private static func wave(_ k: Int) -> Double { Double.sin(Double((k + 1) * (k + 1))) }

  /// A basis of the matrices that commute with all those of an irrep, from averages of arbitrary matrices; there are as many as the mean of
  /// χ².
  private static func commutant(of matrices: [Matrix<Double>], inverses: [Int], norm: Double) -> [Matrix<Double>] {
    let d = matrices[0].rows
    var basis = [Matrix<Double>.identity(d)]
    let count = Int(norm.rounded())
    func average(_ m: Matrix<Double>) -> Matrix<Double> {
      var sum = Matrix<Double>(zeros: d, d)
      for g in matrices.indices { sum = sum + matrices[g] * m * matrices[inverses[g]] }
      return (1 / Double(matrices.count)) * sum
    }
    var seed = 0
    while basis.count < min(count, 3), seed < 50 {
      seed += 1
      // The part of a commuting matrix that is antisymmetric and orthogonal to what is known, divided by its size, squares to −1.
      let raw = average(Matrix(rows: d, columns: d, (0..<d * d).map { wave($0 + 17 * seed) }))
      var next = 0.5 * (raw - raw.transposed)
      for known in basis.dropFirst() {
        let overlap = zip(known.elements, next.elements).reduce(0) { $0 + $1.0 * $1.1 } / Double(d)
        next = next - overlap * known
      }
      let size = Double.sqrt(next.elements.reduce(0) { $0 + $1 * $1 } / Double(d))
      if size > 1e-3 { basis.append((1 / size) * next) }
    }
    if count == 4, basis.count == 3 { basis.append(basis[1] * basis[2]) }
    return basis
  }
}
