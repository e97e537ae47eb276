import CKernels
import DifferentiableTensors
import Requirements

/// Polynomials of the components of a channel as their kernels read them: a tree of monomials, and of each group of leaves the coefficients.
///
/// A polynomial of degree ν is walked through by Horner's rule: y = Σ xₐ (Σ x_b (Σ q_abc x_c)), a ≤ b ≤ c.
final class PolynomialPlan: @unchecked Sendable {
  /// A monomial of an output, its variables not decreasing.
  struct Monomial: Hashable, Sendable {
    let output: Int
    let variables: [Int]
    init(output: Int, variables: [Int]) { (self.output, self.variables) = (output, variables) }
  }

  let variables: Int
  let outputs: Int
  /// In the order of the coefficients.
  let monomials: [Monomial]
  let form: NumberBlock<ck_polynomials>
  private let lists: [NumberBlock<Int32>]

  init(variables: Int, outputs: Int, monomials: Set<Monomial>) {
    (self.variables, self.outputs) = (variables, outputs)
    require(monomials.allSatisfy { !$0.variables.isEmpty }, "monomials of degree 1 and more are expected")
    // A node for each beginning of a monomial but for its last variable.
    var prefixes: Set<[Int]> = [[]]
    for monomial in monomials {
      for length in stride(from: monomial.variables.count - 1, to: 0, by: -1) {
        if !prefixes.insert(Array(monomial.variables.prefix(length))).inserted { break }
      }
    }
    let nodes = prefixes.sorted { $0.lexicographicallyPrecedes($1) }
    let numbers = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
    var parents: [Int32] = []
    for node in nodes { parents.append(node.isEmpty ? 0 : Int32(numbers[Array(node.dropLast())]!)) }
    let byNode = Dictionary(grouping: monomials) { numbers[Array($0.variables.dropLast())]! }
    var (groups, output, starts, entries): ([Int32], [Int32], [Int32], [Int32]) = ([0], [], [0], [])
    var ordered: [Monomial] = []
    for node in nodes.indices {
      let own = (byNode[node] ?? []).sorted { ($0.output, $0.variables.last!) < ($1.output, $1.variables.last!) }
      for (k, monomial) in own.enumerated() {
        if k == 0 || monomial.output != own[k - 1].output {
          if k > 0 { starts.append(Int32(entries.count)) }
          output.append(Int32(monomial.output))
        }
        entries.append(Int32(monomial.variables.last!))
        ordered.append(monomial)
      }
      if !own.isEmpty { starts.append(Int32(entries.count)) }
      groups.append(Int32(output.count))
    }
    self.monomials = ordered
    lists = [parents, nodes.map { Int32($0.last ?? 0) }, groups, output, starts, entries].map { NumberBlock($0) }
    form = NumberBlock([
      ck_polynomials(
        nodes: Int32(nodes.count), variables: Int32(variables), outputs: Int32(outputs), entries: Int32(ordered.count),
        parent: lists[0].pointer, variable: lists[1].pointer, groups: lists[2].pointer, output: lists[3].pointer, starts: lists[4].pointer,
        entry: lists[5].pointer)
    ])
  }

  /// Multiply-adds of a channel, there and back.
  var multiplyAdds: Int { 3 * monomials.count + 4 * Int(form.pointer.pointee.nodes) }

  /// Coefficients [channels padded / tile][monomial][tile] from those of each monomial and channel.
  func coefficients<Scalar: TensorScalar>(channels: Int, _ value: (_ monomial: Int) -> [Double]) -> NumberBlock<Scalar> {
    let (tile, width, count) = (Int(CK_TILE), padded(channels), monomials.count)
    var result = [Double](repeating: 0, count: width * count)
    for m in 0..<count {
      for (c, coefficient) in value(m).enumerated() { result[(c / tile * count + m) * tile + c % tile] = coefficient }
    }
    return NumberBlock<Scalar>(rounding: result)
  }
}
