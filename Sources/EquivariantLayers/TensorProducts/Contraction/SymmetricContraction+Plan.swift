import DifferentiableTensors
import GroupTheory

/// The polynomials of a symmetric contraction and the program that sums them.
struct ContractionPlan: Sendable {
  struct Path: Sendable {
    let output: Int
    let degrees: [Int]
  }

  let paths: [Path]
  let program: BilinearProgram

  /// A final product p ⊗ x_term of the polynomials of one irrep into one output.
  private struct Product: Hashable {
    let irrep: O3.Irrep
    let term: Int
  }

  private struct Key: Hashable {
    let input: [O3.Irrep], output: [O3.Irrep], order: Int
  }
  private static let made = Memo<Key>()

  /// The plan, made once in a process.
  static func plan(_ input: [O3.Irrep], to output: [O3.Irrep], order: Int) -> ContractionPlan {
    made.value(Key(input: input, output: output, order: order)) { ContractionPlan(input, to: output, order: order) }
  }

  /// Polynomials of lower degree are computed once. The last product of all paths that end in the same coupling, P ⊗ x → L, is taken after
  /// the sum over these P with their weights (Horner's rule).
  private init(_ input: [O3.Irrep], to output: [O3.Irrep], order: Int) {
    let polynomials = SymmetricPolynomials(input, order: order, outputs: Set(output))
    var paths: [Path] = []
    var ends: [[(product: Product, level: Int, parent: Int)]] = []
    for (o, irrep) in output.enumerated() {
      ends.append([])
      for n in 1...order {
        for p in polynomials.levels[n] where p.irrep == irrep {
          paths.append(Path(output: o, degrees: p.degrees))
          ends[o].append((Product(irrep: polynomials.levels[n - 1][p.parent].irrep, term: p.term), n - 1, p.parent))
        }
      }
    }
    let dimension = input.reduce(0) { $0 + $1.dimension }
    var builder = BilinearProgramBuilder(inputs: [.init(count: dimension), .init(count: paths.count, isShared: true)], steps: [])
    let starts = input.reduce(into: [1]) { $0.append($0.last! + $1.dimension) }
    /// The nodes of (p ⊗ x_term)^l.
    func coupled(_ nodes: [Int], _ term: Int, _ l: Int) -> [[BilinearProgram.Term]] {
      var sums = [[BilinearProgram.Term]](repeating: [], count: 2 * l + 1)
      let (l1, l2) = ((nodes.count - 1) / 2, input[term].degree)
      for entry in CouplingCoefficients.clebschGordan(l1, l2, l).entries {
        sums[entry.m3 + l].append(.init(coefficient: entry.value, first: nodes[entry.m1 + l1], second: starts[term] + l2 + entry.m2))
      }
      return sums
    }
    var nodes = [[[0]]]
    for level in polynomials.levels[1...].dropLast() {
      nodes.append(level.map { p in coupled(nodes.last![p.parent], p.term, p.irrep.degree).map { builder.add($0) } })
    }
    var (results, weight) = ([Int](), 1 + dimension)
    for (o, irrep) in output.enumerated() {
      var sums: [Product: [[BilinearProgram.Term]]] = [:]
      var inOrder: [Product] = []
      for (product, level, parent) in ends[o] {
        if sums[product] == nil {
          inOrder.append(product)
          sums[product] = Array(repeating: [], count: product.irrep.dimension)
        }
        for (m, node) in nodes[level][parent].enumerated() {
          sums[product]![m].append(.init(coefficient: 1, first: node, second: weight))
        }
        weight += 1
      }
      var totals = [[BilinearProgram.Term]](repeating: [], count: irrep.dimension)
      for product in inOrder {
        let weighted = sums[product]!.map { builder.add($0) }
        for (m, terms) in coupled(weighted, product.term, irrep.degree).enumerated() { totals[m] += terms }
      }
      results += totals.map { builder.add($0) }
    }
    self.paths = paths
    program = builder.program(outputs: [.init(count: results.count)], nodes: results)
  }
}
