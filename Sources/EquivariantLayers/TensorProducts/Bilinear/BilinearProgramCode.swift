import CKernels

/// A program as the kernel reads it, in memory that stays where it is.
final class BilinearProgramCode: @unchecked Sendable {
  private let integers: UnsafeMutablePointer<Int32>
  private let coefficients: UnsafeMutablePointer<Double>
  private let program: ck_program

  init(inputs: [BilinearProgram.Port], outputs: [BilinearProgram.Port], outputNodes: [Int], steps: [[BilinearProgram.Term]]) {
    let terms = Array(steps.joined())
    let lists: [[Int32]] = [
      inputs.map { Int32($0.count) }, inputs.map { $0.isShared ? 1 : 0 }, outputs.map { Int32($0.count) },
      outputs.map { $0.isShared ? 1 : 0 }, outputNodes.map { Int32($0) },
      steps.reduce(into: [0]) { starts, step in starts.append(starts.last! + Int32(step.count)) },
      terms.flatMap { term in [Int32(term.first), Int32(term.second)] },
    ]
    integers = .allocate(capacity: lists.reduce(0) { $0 + $1.count })
    coefficients = .allocate(capacity: terms.count)
    coefficients.initialize(from: terms.map(\.coefficient), count: terms.count)
    var next = integers
    let places = lists.map { list in
      defer { next += list.count }
      next.initialize(from: list, count: list.count)
      return UnsafePointer(next)
    }
    let leaves = 1 + inputs.reduce(0) { $0 + $1.count }
    program = ck_program(
      channels: 0, leaves: leaves, nodes: leaves + steps.count, inputs: Int32(inputs.count), outputs: Int32(outputs.count),
      input_counts: places[0], input_shared: places[1], output_counts: places[2], output_shared: places[3], output_nodes: places[4],
      starts: places[5], factors: places[6], coefficients: UnsafePointer(coefficients))
  }

  deinit {
    integers.deallocate()
    coefficients.deallocate()
  }

  /// Runs the program on rows and channels of tensors with `channels` channels.
  func run(
    type: Int32, channels: Int, rows: Range<Int>, block: Range<Int>, elements: [Int32]?, from inputs: [UnsafeRawPointer?],
    to outputs: [UnsafeMutableRawPointer?]
  ) {
    var program = program
    program.channels = channels
    let terms = Int(program.starts[program.nodes - program.leaves])
    withUnsafeTemporaryAllocation(byteCount: program.nodes * Int(CK_PROGRAM_BYTES) + 8 * terms, alignment: 64) { work in
      ck_program_run(
        type, &program, rows.lowerBound, rows.upperBound, block.lowerBound, block.upperBound, elements, inputs, outputs, work.baseAddress)
    }
  }
}
