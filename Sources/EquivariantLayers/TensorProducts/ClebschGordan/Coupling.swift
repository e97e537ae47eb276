import CKernels
import DifferentiableTensors

/// A form applied to rows of tensors: Σ_e F(w_e, x_e, y_e, z_e) over edges e, where each of the four has a row for every edge, one row
/// for all, or the row that an index names (the sender or receiver of the edge).
///
/// A product is the derivative of this sum with respect to z. All its derivatives, of any order, are derivatives of the same sum with
/// respect to other operands, and any number of them is computed in one pass; nothing of the size of all edges is made except what is asked
/// for.
struct Coupling<Scalar: TensorScalar>: Sendable {
  enum Rows: Sendable {
    case each
    case shared
    case indexed(RowIndex)
  }
  /// The operands. Weights may be given as products of two factors, features of each edge [edges, n] and one matrix [n, weights].
  enum Operand: Int, CaseIterable, Sendable { case x, y, z, w, matrix }

  var form: CouplingForm<Scalar>
  /// The rows of x, y, z and w.
  var rows: [Rows]
  /// The number of edges.
  let count: Int
  /// Whether the weights are the product of w and the matrix.
  var factored = false

  /// The derivative of the sum with respect to one operand, at the values of the others.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func derivative(_ operand: Operand, _ values: [Operand: Tensor<Scalar>]) -> Tensor<Scalar> {
    let result = withoutRecording { derivatives([operand], values.mapValues(\.detached))[0] }
    let inputs = Operand.allCases.filter { $0 != operand && values[$0] != nil }
    let tracked = inputs.filter { values[$0]!.requiresGradient }
    if tracked.isEmpty { return result }
    var next = self
    if operand == .w || operand == .matrix, let weighted = form.weighted { next.form = weighted }
    return .operation(tracked.map { values[$0]! }, value: result) { [next] _, g in
      var values = values
      values[operand] = g
      return isRecording ? tracked.map { next.derivative($0, values) } : next.derivatives(tracked, values)
    }
  }

  private func rows(_ operand: Operand) -> Rows { operand == .matrix ? .shared : rows[operand.rawValue] }

  private func shape(_ operand: Operand, _ values: [Operand: Tensor<Scalar>]) -> [Int] {
    if operand == .matrix { return [values[.w]!.shape[-1], form.widths[3]] }
    let width = operand == .w && factored ? values[.matrix]!.shape[0] : form.widths[operand.rawValue]
    switch rows[operand.rawValue] {
    case .each: return [count, width]
    case .shared: return [1, width]
    case .indexed(let index): return [index.rowCount, width]
    }
  }

  /// Several derivatives, not recorded. Those that are sums over an index need the edges in its order; the others take any order.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func derivatives(_ operands: [Operand], _ values: [Operand: Tensor<Scalar>]) -> [Tensor<Scalar>] {
    var results: [Operand: Tensor<Scalar>] = [:]
    var free: [Operand] = []
    var passes: [(index: RowIndex, operands: [Operand])] = []
    for operand in operands {
      switch rows(operand) {
      case .each:
        let shape = Shape(shape(operand, values))
        // The kernels write all of a row except weights that no path has.
        results[operand] = operand == .w && !form.usesAllWeights ? .zeros(shape) : Tensor(uninitialized: shape)
        free.append(operand)
      case .shared:
        results[operand] = .zeros(Shape(shape(operand, values)))
        free.append(operand)
      case .indexed(let index):
        results[operand] = .zeros(Shape(shape(operand, values)))
        if let place = passes.firstIndex(where: { $0.index === index }) {
          passes[place].operands.append(operand)
        } else {
          passes.append((index, [operand]))
        }
      }
    }
    // Where the edges lie in order already the pass over them is the fastest: it takes the others along.
    passes.sort { $0.index.grouped.isSorted && !$1.index.grouped.isSorted }
    if count > 0 {
      for (n, pass) in passes.enumerated() { run(pass.index, pass.operands + (n == 0 ? free : []), values, results) }
      if passes.isEmpty { run(nil, free, values, results) }
    }
    return operands.map { results[$0]! }
  }

  /// One pass over the edges in the order of an index, cut at its rows, or as they lie.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func run(
    _ index: RowIndex?, _ operands: [Operand], _ values: [Operand: Tensor<Scalar>], _ results: [Operand: Tensor<Scalar>]
  ) {
    let grouping = index?.grouped
    let shared = operands.filter { if case .shared = rows($0) { true } else { false } }
    // What all edges add to is summed in pieces that do not depend on the number of threads.
    let cost = max(1, form.multiplyAdds)
    let pieces = max(1, min(shared.isEmpty ? 4 * Threads.count : 16, count * cost / (1 << 15), index?.rowCount ?? count, 1 << 10))
    let bounds = (0...pieces).map { piece -> Int in
      let ideal = count * piece / pieces
      guard let grouping, piece > 0, piece < pieces else { return ideal }
      // The first row that starts at or after the even cut.
      var (low, high) = (0, grouping.offsets.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if Int(grouping.offsets[middle]) < ideal { low = middle + 1 } else { high = middle }
      }
      return Int(grouping.offsets[low])
    }
    let partial =
      pieces == 1 ? [:] : Dictionary(uniqueKeysWithValues: shared.map { ($0, Tensor<Scalar>.zeros(Shape([pieces, results[$0]!.count]))) })
    let order = grouping.flatMap { $0.isSorted ? nil : $0.order }
    Threads.run(pieces: pieces) { piece in
      var targets = results.filter { operands.contains($0.key) }.mapValues(\.pointer)
      for (operand, sums) in partial { targets[operand] = sums.pointer + piece * results[operand]!.count }
      let range = bounds[piece]..<bounds[piece + 1]
      if let order {
        order.withUnsafeBufferPointer { runPiece(range, $0.baseAddress, values, targets) }
      } else {
        runPiece(range, nil, values, targets)
      }
    }
    for (operand, sums) in partial {
      let result = results[operand]!
      for piece in 0..<pieces { ck_accumulate(Scalar.kernelType, result.count, sums.pointer + piece * result.count, result.pointer) }
    }
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func runPiece(
    _ range: Range<Int>, _ order: UnsafePointer<Int32>?, _ values: [Operand: Tensor<Scalar>],
    _ targets: [Operand: UnsafeMutablePointer<Scalar>]
  ) {
    if range.isEmpty { return }
    guard factored else { return kernel(range, order, values, targets) }
    // The weights of a few edges at a time.
    let (n, width, type) = (values[.matrix]?.shape[0] ?? values[.w]!.shape[1], form.widths[3], Scalar.kernelType)
    let most = 64
    let weights = Tensor<Scalar>(uninitialized: Shape([most, width]))
    let asked = targets[.w] != nil || targets[.matrix] != nil
    let gradients = Tensor<Scalar>.zeros(Shape([asked ? most : 0, width]))
    let features = Tensor<Scalar>(uninitialized: Shape([order == nil ? 0 : most, n]))
    for start in stride(from: range.lowerBound, to: range.upperBound, by: most) {
      let end = min(start + most, range.upperBound)
      let edges = end - start
      var inner = targets
      var given: UnsafePointer<Scalar>?
      if let w = values[.w] {
        given = UnsafePointer(w.pointer + start * n)
        if let order {
          ck_gather(type, edges, n, w.pointer, order + start, features.pointer)
          given = UnsafePointer(features.pointer)
        }
      }
      if let matrix = values[.matrix], let given {
        ck_gemm(type, 0, 0, edges, width, n, given, n, matrix.pointer, width, 0, nil, weights.pointer, width)
      }
      inner[.matrix] = nil
      inner[.w] = asked ? gradients.pointer : nil
      kernel(start..<end, order, values, inner, weights: weights.pointer)
      if let sum = targets[.matrix] {
        ck_gemm(type, 1, 0, n, width, edges, given, n, gradients.pointer, width, 1, nil, sum, width)
      }
      if let target = targets[.w] {
        let matrix = values[.matrix]!
        let rows = order == nil ? target + start * n : features.pointer
        ck_gemm(type, 0, 1, edges, n, width, gradients.pointer, width, matrix.pointer, width, 0, nil, rows, n)
        if let order {
          for e in 0..<edges { (target + Int(order[start + e]) * n).update(from: features.pointer + e * n, count: n) }
        }
      }
    }
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func kernel(
    _ range: Range<Int>, _ order: UnsafePointer<Int32>?, _ values: [Operand: Tensor<Scalar>],
    _ targets: [Operand: UnsafeMutablePointer<Scalar>], weights: UnsafeMutablePointer<Scalar>? = nil
  ) {
    var operands: [ck_coupling_operand] = []
    var indices: [RowIndex] = []
    for operand in [Operand.x, .y, .z, .w] {
      var row = ck_coupling_operand(
        in: UnsafeRawPointer(values[operand]?.pointer), out: UnsafeMutableRawPointer(targets[operand]), index: nil, rows: Int32(CK_EACH))
      switch rows(operand) {
      case .each: break
      case .shared: row.rows = Int32(CK_SHARED)
      case .indexed(let index):
        row.rows = Int32(CK_INDEXED)
        indices.append(index)
      }
      if operand == .w, let weights {
        row.in = UnsafeRawPointer(weights)
        row.rows = Int32(CK_POSITION)
      }
      operands.append(row)
    }
    func run(_ next: Int, _ indices: ArraySlice<RowIndex>) {
      guard let index = indices.first else {
        form.withKernelForm { form in ck_coupling(Scalar.kernelType, form, range.lowerBound, range.count, order, operands) }
        return
      }
      index.rows.withUnsafeBufferPointer { rows in
        let place = operands[next...].firstIndex { $0.rows == Int32(CK_INDEXED) }!
        operands[place].index = rows.baseAddress
        run(place + 1, indices.dropFirst())
      }
    }
    run(0, indices[...])
  }
}
