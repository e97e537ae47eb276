import CKernels
import DifferentiableTensors
import Requirements

extension BilinearProgram {
  /// The outputs, [rows, count · channels] or, where shared, [elements, count · channels]; differentiable to any order.
  ///
  /// - Parameters:
  ///   - inputs: [rows, count · channels], or [elements, count · channels] for a shared one.
  ///   - rows: the number of rows.
  ///   - channels: the number of channels, innermost.
  ///   - elements: the element of each row; nil where there is one.
  func callAsFunction<Scalar: TensorScalar>(
    _ inputs: [Tensor<Scalar>], rows: Int, channels: Int, elements: RowIndex? = nil
  ) -> [Tensor<Scalar>] {
    let values = evaluate(inputs, rows: rows, channels: channels, elements: elements)
    guard isRecording, inputs.contains(where: \.requiresGradient) else { return values }
    return values.enumerated().map { k, value in
      .operation(inputs, value: value) { [self] _, g in
        let needed = inputs.map(\.requiresGradient)
        let pullback = restricted(to: k).pullback(needing: needed)
        var gradients = pullback(inputs + [g], rows: rows, channels: channels, elements: elements)[...]
        return needed.map { $0 ? gradients.removeFirst() : nil }
      }
    }
  }

  private func evaluate<Scalar: TensorScalar>(
    _ inputs: [Tensor<Scalar>], rows: Int, channels: Int, elements: RowIndex?
  ) -> [Tensor<Scalar>] {
    let elementCount = elements?.rowCount ?? 1
    require(elements == nil || elements!.count == rows, "expected an element for each of \(rows) rows, received \(elements!.count)")
    for (input, port) in zip(inputs, self.inputs) {
      let shape: Shape = [port.isShared ? elementCount : rows, port.count * channels]
      require(input.shape == shape, "expected an input of shape \(shape), received \(input.shape)")
    }
    let results = outputs.map { port -> Tensor<Scalar> in
      // Sums over the rows of an element start at 0.
      port.isShared ? .zeros([elementCount, port.count * channels]) : Tensor(uninitialized: [rows, port.count * channels])
    }
    guard rows * channels > 0 else { return results }
    let lanes = Int(CK_PROGRAM_BYTES) / MemoryLayout<Scalar>.stride
    let blocks = (channels + lanes - 1) / lanes
    // Sums over rows run over all of them in order, so only rows that share no output are cut.
    let rowPieces = outputs.contains(where: \.isShared) ? 1 : max(1, min(rows, rows * blocks * termCount / (1 << 14), 64))
    let sources = inputs.map { UnsafeRawPointer($0.pointer) as UnsafeRawPointer? }
    let targets = results.map { UnsafeMutableRawPointer($0.pointer) as UnsafeMutableRawPointer? }
    nonisolated(unsafe) let (read, written) = (sources, targets)
    Threads.run(pieces: blocks * rowPieces) { piece in
      let (block, part) = (piece % blocks, piece / blocks)
      let (first, last) = (rows * part / rowPieces, rows * (part + 1) / rowPieces)
      code.run(
        type: Scalar.kernelType, channels: channels, rows: first..<last, block: block * lanes..<min((block + 1) * lanes, channels),
        elements: elements?.rows, from: read, to: written)
    }
    return results
  }
}
