import CKernels
import DifferentiableTensors

extension BilinearProgram {
  /// The outputs, differentiable to any order.
  ///
  /// - Parameters:
  ///   - inputs: of the shapes that their kinds say.
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
    precondition(elements == nil || elements!.count == rows, "expected an element for each of \(rows) rows, received \(elements!.count)")
    func shape(_ port: Port) -> Shape {
      switch port.kind {
      case .rows: [rows, port.count * channels]
      case .elements: [elementCount, port.count * channels]
      case .scalars: [rows, port.count]
      }
    }
    for (input, port) in zip(inputs, self.inputs) {
      precondition(input.shape == shape(port), "expected an input of shape \(shape(port)), received \(input.shape)")
    }
    // Sums start at 0.
    let results: [Tensor<Scalar>] = outputs.map { $0.kind == .rows ? Tensor(uninitialized: shape($0)) : .zeros(shape($0)) }
    guard rows * channels > 0 else { return results }
    let lanes = Int(CK_PROGRAM_BYTES) / MemoryLayout<Scalar>.stride
    // A sum over rows runs over all of them in order, one over channels over all blocks: there is no cut across it.
    let blocks = outputs.contains { $0.kind == .scalars } ? 1 : (channels + lanes - 1) / lanes
    let width = blocks == 1 ? channels : lanes
    let cost = max(1, termCount) * channels / lanes
    let rowPieces = outputs.contains { $0.kind == .elements } ? 1 : max(1, min(rows, rows * cost / (1 << 14), 64))
    let sources = inputs.map { UnsafeRawPointer($0.pointer) as UnsafeRawPointer? }
    let targets = results.map { UnsafeMutableRawPointer($0.pointer) as UnsafeMutableRawPointer? }
    nonisolated(unsafe) let (read, written) = (sources, targets)
    Threads.run(pieces: blocks * rowPieces) { piece in
      let (block, part) = (piece % blocks, piece / blocks)
      let (first, last) = (rows * part / rowPieces, rows * (part + 1) / rowPieces)
      code.run(
        type: Scalar.kernelType, channels: channels, rows: first..<last, block: block * width..<min((block + 1) * width, channels),
        elements: elements?.rows, from: read, to: written)
    }
    return results
  }
}
