import Requirements

/// The linear maps between tensors that commute with permutations of the index sets, by the basis of set partitions (Maron et al. 2019,
/// "Invariant and Equivariant Graph Networks", theorem 1; for several sets Zhou et al. 2024, "Universal Neural Functionals").
///
/// The axes of a tensor carry the number of the set that they run over: [0, 0] is a matrix over one set under S_n, and [0, 1] is one whose
/// rows and columns are permuted independently. A partition P of the output and the input axes, in that order, whose blocks stay within one
/// set is the map
///
///   (B_P x)[o] = Σ x[i] over the i with: indices (o, i) in one block of P are equal.
///
/// Hence a block of input axes alone takes a diagonal and sums over it, one of output axes alone broadcasts, and one of both passes an
/// index on. For one set there are B(k + l) of them (Bell numbers), 15 between matrices. They are independent where no set has fewer points
/// than P has blocks of it; on smaller sets, those with few enough blocks are a basis (``dimension(sizes:)``).
///
/// Characters, (1/|G|) Σ_g fix(g)^(k + l), and ``EquivariantMaps`` give the same spaces; here they cost nothing.
public struct PartitionBasis: Sendable {
  /// The set of each input axis.
  public let inputAxes: [Int]
  /// The set of each output axis.
  public let outputAxes: [Int]
  /// What is known about the inputs.
  public let inputSubspace: TensorSubspace
  /// What is required of the outputs.
  public let outputSubspace: TensorSubspace
  /// For each element, the partitions P of which it is the sum: one, or, where a subspace is symmetric, all those into which permutations
  /// of its axes turn one.
  public let elements: [[SetPartition]]

  /// The basis of the maps from tensors with some axes to tensors with others, each axis named by its set, 0 or more.
  public init(
    from inputAxes: [Int], to outputAxes: [Int], inputs inputSubspace: TensorSubspace = [], outputs outputSubspace: TensorSubspace = []
  ) {
    let (axes, outputs) = (outputAxes + inputAxes, outputAxes.count)
    require(axes.allSatisfy { $0 >= 0 }, "expected sets numbered from 0, received \(axes)")
    (self.inputAxes, self.outputAxes) = (inputAxes, outputAxes)
    (self.inputSubspace, self.outputSubspace) = (inputSubspace, outputSubspace)
    let partitions = SetPartition.all(of: axes.count) { a, b in
      guard axes[a] == axes[b] else { return false }
      if a < outputs && b < outputs { return !outputSubspace.contains(.zeroDiagonal) }
      return !(a >= outputs && b >= outputs && inputSubspace.contains(.zeroDiagonal))
    }
    let symmetries = Self.symmetries(outputAxes, outputSubspace).flatMap { first in
      Self.symmetries(inputAxes, inputSubspace).map { Permutation(unchecked: first + $0.map { $0 + outputs }) }
    }
    var seen = Set<SetPartition>()
    elements = partitions.compactMap { partition in
      if seen.contains(partition) { return nil }
      let orbit = symmetries.map { partition.permuted(by: $0) }.filter { seen.insert($0).inserted }
      return orbit
    }
  }

  /// The images of the axes under the permutations that a tensor is symmetric under.
  private static func symmetries(_ axes: [Int], _ subspace: TensorSubspace) -> [[Int]] {
    guard subspace.contains(.symmetric) else { return [Array(axes.indices)] }
    return SymmetricGroup(axes.count).elements.map(\.images).filter { images in axes.indices.allSatisfy { axes[images[$0]] == axes[$0] } }
  }

  /// Whether an element is needed on sets of these sizes, that is, no set has fewer points than the element has blocks of it.
  public func isNeeded(_ element: [SetPartition], sizes: [Int]) -> Bool {
    let axes = outputAxes + inputAxes
    var counts = [Int](repeating: 0, count: sizes.count)
    for block in element[0].blocks { counts[axes[block[0]]] += 1 }
    return zip(counts, sizes).allSatisfy { $0 <= $1 }
  }

  /// The dimension of the space of equivariant maps, for sets of these sizes.
  public func dimension(sizes: [Int]) -> Int {
    check(sizes)
    return elements.count { isNeeded($0, sizes: sizes) }
  }

  /// The matrix of an element, of as many rows and columns as the output and the input tensor have entries, the last index running fastest.
  /// On a subspace without diagonals, the rows and columns of those are 0. This is for tests and the smallest sizes.
  public func matrix(of element: [SetPartition], sizes: [Int]) -> Matrix<Double> {
    check(sizes)
    func tuples(_ axes: [Int], _ subspace: TensorSubspace) -> [[Int]?] {
      axes.reduce([[]]) { list, axis in list.flatMap { tuple in (0..<sizes[axis]).map { tuple + [$0] } } }.map { tuple in
        let places = zip(axes, tuple).map { [$0, $1] }
        return subspace.contains(.zeroDiagonal) && Set(places).count < places.count ? nil : tuple
      }
    }
    let (rows, columns) = (tuples(outputAxes, outputSubspace), tuples(inputAxes, inputSubspace))
    let elements = rows.flatMap { output in
      columns.map { input -> Double in
        guard let output, let input else { return 0 }
        let indices = output + input
        return Double(
          element.count { partition in partition.blocks.allSatisfy { block in block.allSatisfy { indices[$0] == indices[block[0]] } } })
      }
    }
    return Matrix(rows: rows.count, columns: columns.count, elements)
  }

  private func check(_ sizes: [Int]) {
    let sets = ((outputAxes + inputAxes).max() ?? -1) + 1
    require(sizes.count >= sets && sizes.allSatisfy { $0 >= 0 }, "expected sizes of \(sets) sets, received \(sizes)")
  }
}
