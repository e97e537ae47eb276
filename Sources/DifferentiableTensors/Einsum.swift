import Requirements

extension Tensor {
  /// Einstein's summation: `einsum("bij,bjk->bik", a, b)`.
  ///
  /// Each letter names an axis; letters absent from the result are summed; a letter may repeat in one operand (a diagonal is taken).
  /// Without `->` the result has the letters that occur once, in alphabetic order. Operands are contracted two at a time from the left,
  /// each pair as one batched matrix product.
  public static func einsum(_ equation: String, _ operands: Tensor...) -> Tensor { einsum(equation, operands) }

  /// Einstein's summation of an array of operands.
  public static func einsum(_ equation: String, _ operands: [Tensor]) -> Tensor {
    let terms = EinsumTerms(equation)
    require(
      terms.inputs.count == operands.count, "\"\(equation)\" names \(terms.inputs.count) operands, received \(operands.count)")
    var sizes: [Character: Int] = [:]
    for (letters, operand) in zip(terms.inputs, operands) {
      require(letters.count == operand.rank, "\"\(String(letters))\" names \(letters.count) axes, received shape \(operand.shape)")
      for (i, letter) in letters.enumerated() {
        if let known = sizes[letter] {
          require(known == operand.shape[i], "axis \(letter) of \"\(equation)\" has size \(known), received \(operand.shape[i])")
        }
        sizes[letter] = operand.shape[i]
      }
    }
    var letters = terms.inputs[0]
    var value = operands[0].takingDiagonals(&letters)
    for i in 1..<Swift.max(1, operands.count) {
      var rightLetters = terms.inputs[i]
      let right = operands[i].takingDiagonals(&rightLetters)
      let later = Set(terms.inputs[(i + 1)...].joined()).union(terms.output)
      (value, letters) = contract(value, letters, right, rightLetters, keeping: later, sizes)
    }
    (value, letters) = value.summing(letters, keeping: Set(terms.output))
    return value.permuted(terms.output.map { letters.firstIndex(of: $0)! })
  }

  /// Contracts one pair: letters of both that are kept are batches, and letters of both that are not kept are contracted.
  private static func contract(
    _ a: Tensor, _ la: [Character], _ b: Tensor, _ lb: [Character], keeping later: Set<Character>, _ sizes: [Character: Int]
  ) -> (Tensor, [Character]) {
    let (left, la) = a.summing(la, keeping: later.union(lb))
    let (right, lb) = b.summing(lb, keeping: later.union(la))
    let batch = la.filter { lb.contains($0) && later.contains($0) }
    let inner = la.filter { lb.contains($0) && !later.contains($0) }
    let rows = la.filter { !lb.contains($0) }
    let columns = lb.filter { !la.contains($0) }
    func size(_ letters: [Character]) -> Int { letters.reduce(1) { $0 * sizes[$1]! } }
    func arranged(_ t: Tensor, _ from: [Character], _ to: [Character], _ shape: Shape) -> Tensor {
      t.permuted(to.map { from.firstIndex(of: $0)! }).reshaped(to: shape)
    }
    let p = arranged(left, la, batch + rows + inner, [size(batch), size(rows), size(inner)])
    let q = arranged(right, lb, batch + columns + inner, [size(batch), size(columns), size(inner)])
    let product = inner.isEmpty && columns.isEmpty ? p * q : matmul(p, q, transposingSecond: true)
    let letters = batch + rows + columns
    return (product.reshaped(to: Shape(letters.map { sizes[$0]! })), letters)
  }

  private func summing(_ letters: [Character], keeping: Set<Character>) -> (Tensor, [Character]) {
    let axes = letters.indices.filter { !keeping.contains(letters[$0]) }
    return axes.isEmpty ? (self, letters) : (sum(axes: axes), letters.filter { keeping.contains($0) })
  }

  private func takingDiagonals(_ letters: inout [Character]) -> Tensor {
    var value = self
    while let second = letters.indices.first(where: { letters[..<$0].contains(letters[$0]) }) {
      let first = letters.firstIndex(of: letters[second])!
      let n = value.shape[first]
      // Both axes to the front, flattened; row i (n + 1) is the diagonal.
      let rest = (0..<value.rank).filter { $0 != first && $0 != second }
      let tail = rest.map { value.shape[$0] }
      let flat = value.permuted([first, second] + rest).reshaped(to: Shape([n * n] + tail))
      value = flat.gathered(RowIndex((0..<n).map { $0 * (n + 1) }, rowCount: n * n))
      let kept = letters[first]
      letters = [kept] + rest.map { letters[$0] }
    }
    return value
  }
}

/// The letters of an equation.
private struct EinsumTerms {
  var inputs: [[Character]]
  var output: [Character]

  init(_ equation: String) {
    let compact = equation.filter { $0 != " " }
    let arrow = compact.indices.first { compact[$0...].hasPrefix("->") }
    inputs = compact[..<(arrow ?? compact.endIndex)].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    let all = inputs.joined()
    require(all.allSatisfy(\.isLetter), "letters, commas and one \"->\" are expected, received \"\(equation)\"")
    if let arrow {
      output = Array(compact[compact.index(arrow, offsetBy: 2)...])
      require(
        Set(output).count == output.count && output.allSatisfy { all.contains($0) },
        "a result of distinct letters of the operands is expected, received \"\(equation)\"")
    } else {
      output = Set(all).filter { letter in all.count { $0 == letter } == 1 }.sorted()
    }
  }
}
