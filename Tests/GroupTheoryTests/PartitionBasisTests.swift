import Testing

@testable import GroupTheory

@Suite struct PartitionBasisTests {
  /// The basis matrices for sets of some sizes.
  private static func matrices(_ basis: PartitionBasis, sizes: [Int]) -> [Matrix<Double>] {
    basis.elements.filter { basis.isNeeded($0, sizes: sizes) }.map { basis.matrix(of: $0, sizes: sizes) }
  }

  /// The rank of a list of matrices, by their Gram matrix.
  private static func rank(_ list: [Matrix<Double>]) -> Int {
    guard !list.isEmpty else { return 0 }
    let gram = Matrix(list.map { a in list.map { b in zip(a.elements, b.elements).reduce(0) { $0 + $1.0 * $1.1 } } })
    let values = SymmetricEigen(gram).values
    return values.count { $0 > 1e-9 * values.max()! }
  }

  @Test func numbersOfElements() {
    for (orders, count) in [(0, 1), (1, 1), (2, 2), (3, 5), (4, 15), (5, 52), (6, 203)] {
      for k in 0...orders {
        let basis = PartitionBasis(from: Array(repeating: 0, count: k), to: Array(repeating: 0, count: orders - k))
        #expect(basis.elements.count == count && basis.dimension(sizes: [orders]) == count)
      }
    }
    // Rows and columns permuted independently: Bell(2) for each set.
    #expect(PartitionBasis(from: [0, 1], to: [0, 1]).elements.count == 4)
    // The weights of neighbouring layers share one set of neurons: [1, 0] to [2, 1].
    #expect(PartitionBasis(from: [1, 0], to: [2, 1]).elements.count == 2)
  }

  /// (1/|G|) Σ fix(g)^(k + l) for all sizes, those below the number of blocks included.
  @Test func characterFormula() {
    for n in 0...5 {
      let group = SymmetricGroup(n)
      for k in 0...3 {
        for l in 0...3 {
          let basis = PartitionBasis(from: Array(repeating: 0, count: k), to: Array(repeating: 0, count: l))
          let expected = group.characterInnerProduct(group.tensors(order: k), group.tensors(order: l))
          #expect(abs(Double(basis.dimension(sizes: [n])) - expected) < 1e-10, "n \(n), \(k) to \(l)")
        }
      }
    }
  }

  /// The span is that of Schur's lemma and of the null space.
  @Test func sameSpaceAsSchursLemma() throws {
    for (n, k, l) in [(2, 2, 2), (3, 0, 2), (3, 1, 2), (3, 2, 1), (3, 2, 2), (4, 1, 2), (4, 2, 1), (4, 2, 0), (4, 2, 2)] {
      let group = SymmetricGroup(n)
      let (input, output) = (group.tensors(order: k), group.tensors(order: l))
      let maps = try EquivariantMaps(from: group.decomposition(of: input), to: group.decomposition(of: output))
      let own = Self.matrices(PartitionBasis(from: Array(repeating: 0, count: k), to: Array(repeating: 0, count: l)), sizes: [n])
      #expect(Self.rank(own) == maps.dimension && own.count == maps.dimension)
      for matrix in own { #expect(maps.deviation(of: matrix) < 1e-12) }
      if k + l < 4 {
        let nullSpace = EquivariantMaps(from: input, to: output, of: group)
        #expect(nullSpace.dimension == own.count)
        for matrix in own { #expect(nullSpace.deviation(of: matrix) < 1e-12) }
      }
      // A matrix with one entry changed is in no such space.
      var broken = own[0]
      broken[0, 0] += 0.5
      if maps.dimension < maps.inputDimension * maps.outputDimension { #expect(maps.deviation(of: broken) > 1e-3) }
    }
  }

  /// S_3 × S_2 on matrices, on their products with vectors of either, and on two matrices of one set.
  @Test func severalSets() {
    let group = DirectProduct(SymmetricGroup(3), SymmetricGroup(2))
    func tensors(_ axes: [Int]) -> FunctionRepresentation<ProductElement<Permutation, Permutation>> {
      let (a, b) = (SymmetricGroup(3).standard, SymmetricGroup(2).standard)
      return FunctionRepresentation(dimension: axes.reduce(1) { $0 * ($1 == 0 ? 3 : 2) }) { g in
        axes.reduce(Matrix<Double>.identity(1)) { $0.kroneckerProduct($1 == 0 ? a(g.first) : b(g.second)) }
      }
    }
    for (input, output) in [
      ([0, 1], [0, 1]), ([0, 1], [1]), ([1, 0], [0]), ([0], [1, 0]), ([0, 0], [1]), ([1], [0, 1]), ([], [1, 1]),
    ] {
      let maps = EquivariantMaps(from: tensors(input), to: tensors(output), of: group)
      let own = Self.matrices(PartitionBasis(from: input, to: output), sizes: [3, 2])
      #expect(own.count == maps.dimension && Self.rank(own) == maps.dimension, "\(input) to \(output)")
      for matrix in own { #expect(maps.deviation(of: matrix) < 1e-12) }
    }
  }

  /// Symmetric matrices by the symmetric square, matrices with zero diagonal by the permutations of ordered pairs.
  @Test(arguments: 1...5) func subspaces(n: Int) {
    let group = SymmetricGroup(n)
    let pairs = (0..<n).flatMap { i in (0..<n).filter { $0 != i }.map { [i, $0] } }
    func permutations(_ list: [[Int]], sorting: Bool = false) -> FunctionRepresentation<Permutation> {
      FunctionRepresentation(dimension: list.count) { g in
        var matrix = Matrix<Double>(zeros: list.count, list.count)
        for (column, pair) in list.enumerated() {
          let image = pair.map { g[$0] }
          matrix[list.firstIndex(of: sorting ? image.sorted() : image)!, column] = 1
        }
        return matrix
      }
    }
    let forms: [(TensorSubspace, FunctionRepresentation<Permutation>)] = [
      ([], FunctionRepresentation(dimension: n * n) { group.tensors(order: 2)($0) }),
      (.symmetric, FunctionRepresentation(dimension: n * (n + 1) / 2) { group.standard.symmetricSquare($0) }),
      (.zeroDiagonal, permutations(pairs)), ([.symmetric, .zeroDiagonal], permutations(pairs.filter { $0[0] < $0[1] }, sorting: true)),
    ]
    for (input, a) in forms {
      for (output, b) in forms {
        let basis = PartitionBasis(from: [0, 0], to: [0, 0], inputs: input, outputs: output)
        let expected = group.characterInnerProduct(a, b)
        #expect(abs(Double(basis.dimension(sizes: [n])) - expected) < 1e-10, "\(input) to \(output)")
        // On the subspace the elements are independent, and their values are in the other one.
        let projection = Self.projection(onto: input, n)
        let own = Self.matrices(basis, sizes: [n])
        #expect(Self.rank(own.map { $0 * projection }) == own.count)
        for matrix in own { #expect((Self.projection(onto: output, n) * matrix).distance(to: matrix) < 1e-15) }
      }
    }
  }

  private static func projection(onto subspace: TensorSubspace, _ n: Int) -> Matrix<Double> {
    var result = Matrix<Double>.identity(n * n)
    for i in 0..<n {
      for j in 0..<n {
        if subspace.contains(.zeroDiagonal) && i == j { result[i * n + j, i * n + j] = 0 }
        if subspace.contains(.symmetric) && i != j {
          result[i * n + j, i * n + j] = 0.5
          result[i * n + j, j * n + i] = 0.5
        }
      }
    }
    return result
  }

  /// What a few of the fifteen do to a matrix.
  @Test func operationsByName() {
    let basis = PartitionBasis(from: [0, 0], to: [0, 0])
    let x: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    func value(_ labels: String) -> [Double] {
      basis.matrix(of: [SetPartition(labels: Array(labels))], sizes: [3]) * x
    }
    #expect(value("abab") == x && value("abba") == [1, 4, 7, 2, 5, 8, 3, 6, 9])
    #expect(value("aaaa") == [1, 0, 0, 0, 5, 0, 0, 0, 9] && value("abcd") == Array(repeating: 45, count: 9))
    #expect(value("abac") == [6, 6, 6, 15, 15, 15, 24, 24, 24] && value("abca") == [12, 12, 12, 15, 15, 15, 18, 18, 18])
    #expect(value("aabb") == [15, 0, 0, 0, 15, 0, 0, 0, 15] && value("abcc") == Array(repeating: 15, count: 9))
  }
}
