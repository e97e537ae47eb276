import CKernels
import Requirements

extension Tensor {
  /// Two linear layers with GELU between them, on rows of mean 0 and variance 1, in one pass over blocks of rows:
  ///
  /// y = W₂ gelu(W₁ z + b₁) + b₂ + added, z = (x − mean) / √(variance + ε) over the innermost axis.
  ///
  /// Nothing of the inner width is stored: the first backward pass computes it again. Derivatives of derivatives are made of elementary
  /// operations. The scale and shift of a layer normalisation are part of W₁ and b₁, and scales of the result are part of W₂ and b₂.
  /// - Parameters:
  ///   - x: [..., width].
  ///   - weights: W₁, [inner, width], and W₂, [out, inner].
  ///   - biases: b₁, [inner], and b₂, [out].
  ///   - epsilon: ε.
  ///   - added: what is added to the result, [..., out].
  /// - Returns: y, [..., out].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func feedForward(
    _ x: Tensor, weights: (Tensor, Tensor), biases: (Tensor, Tensor), epsilon: Scalar = 1e-5, plus added: Tensor? = nil
  ) -> Tensor {
    let (w1, w2, b1, b2) = (weights.0, weights.1, biases.0, biases.1)
    require(
      x.rank >= 1 && w1.rank == 2 && w2.rank == 2 && x.shape[-1] == w1.shape[1] && w2.shape[1] == w1.shape[0],
      "rows [..., width] and weights [inner, width] and [out, inner] are expected, received \(x.shape), \(w1.shape) and \(w2.shape)")
    let form = FeedForward(width: w1.shape[1], inner: w1.shape[0], outputs: w2.shape[0], epsilon: epsilon)
    require(
      b1.shape == [form.inner] && b2.shape == [form.outputs],
      "biases [\(form.inner)] and [\(form.outputs)] are expected, received \(b1.shape) and \(b2.shape)")
    var target = x.shape
    target[-1] = form.outputs
    if let added { require(added.shape == target, "an addend \(target) is expected, received \(added.shape)") }
    let rows = Shape(target.elementCount / Swift.max(form.outputs, 1), form.width)
    let inputs = [x.reshaped(to: rows), w1, b1, w2, b2] + (added.map { [$0.reshaped(to: Shape(rows[0], form.outputs))] } ?? [])
    let y = form.values(inputs)
    return y.recorded(from: inputs) { _, g, needed in
      InputGradients(isRecording ? form.composedGradients(inputs, g, needed) : form.gradients(inputs, g))
    }.reshaped(to: target)
  }
}

/// The sizes of ``Tensor/feedForward(_:weights:biases:epsilon:plus:)``. The inputs are x, W₁, b₁, W₂, b₂ and, where there is one, the
/// addend.
private struct FeedForward<Scalar: TensorScalar>: Sendable {
  let width, inner, outputs: Int
  let epsilon: Scalar

  private func turned(_ w: Tensor<Scalar>) -> Tensor<Scalar> {
    let t = Tensor<Scalar>(uninitialized: [w.shape[1], w.shape[0]])
    ck_transpose(Scalar.kernelType, w.shape[0], w.shape[1], w.pointer, w.shape[1], t.pointer, w.shape[0])
    return t
  }

  func values(_ inputs: [Tensor<Scalar>]) -> Tensor<Scalar> {
    let rows = inputs[0].shape[0]
    let y = Tensor<Scalar>(uninitialized: [rows, outputs])
    let (turned1, turned2) = (turned(inputs[1]), turned(inputs[3]))
    nonisolated(unsafe) let form = ck_mlp(
      width: width, inner: inner, outputs: outputs, epsilon: Double(epsilon), w1: nil, turned1: turned1.pointer, b1: inputs[2].pointer,
      w2: nil, turned2: turned2.pointer, b2: inputs[4].pointer)
    nonisolated(unsafe) let (p, q, r) = (inputs[0].pointer, inputs.count > 5 ? inputs[5].pointer : nil, y.pointer)
    Threads.split(rows, grain: Swift.max(48, (1 << 20) / Swift.max(1, width * inner))) { start, count in
      withUnsafePointer(to: form) {
        ck_mlp_run(Scalar.kernelType, $0, count, p + start * width, q.map { $0 + start * outputs }, r + start * outputs)
      }
    }
    withExtendedLifetime((turned1, turned2)) {}
    return y
  }

  /// One pass, in runs of rows that do not depend on the number of threads.
  func gradients(_ inputs: [Tensor<Scalar>], _ g: Tensor<Scalar>) -> [Tensor<Scalar>?] {
    let rows = inputs[0].shape[0]
    let runs = Swift.max(1, Swift.min(16, rows * width * inner >> 21, rows / 192))
    let run = (rows + runs - 1) / runs
    let gx = Tensor<Scalar>(uninitialized: inputs[0].shape)
    let sizes = [inner * width, inner, outputs * inner, outputs]
    let size = sizes.reduce(0, +)
    let partial = Tensor<Scalar>(uninitialized: [runs, size])
    let turned1 = turned(inputs[1])
    nonisolated(unsafe) let form = ck_mlp(
      width: width, inner: inner, outputs: outputs, epsilon: Double(epsilon), w1: inputs[1].pointer, turned1: turned1.pointer,
      b1: inputs[2].pointer, w2: inputs[3].pointer, turned2: nil, b2: inputs[4].pointer)
    nonisolated(unsafe) let (p, q, r, s) = (inputs[0].pointer, g.pointer, gx.pointer, partial.pointer)
    Threads.run(pieces: runs) { k in
      let start = Swift.min(k * run, rows)
      let to = s + k * size
      var gradients = ck_mlp_gradients(
        gx: r + start * width, gw1: to, gb1: to + sizes[0], gw2: to + sizes[0] + sizes[1], gb2: to + sizes[0] + sizes[1] + sizes[2])
      withUnsafePointer(to: form) {
        ck_mlp_pullback(Scalar.kernelType, $0, Swift.min(run, rows - start), p + start * width, q + start * outputs, &gradients)
      }
    }
    withExtendedLifetime(turned1) {}
    let sums = runs == 1 ? partial.reshaped(size) : partial.sum(axis: 0)
    var result: [Tensor<Scalar>?] = [gx]
    var start = 0
    for (k, count) in sizes.enumerated() {
      result.append(sums.sliced(axis: 0, start..<start + count).reshaped(to: inputs[k + 1].shape))
      start += count
    }
    return result + (inputs.count > 5 ? [g] : [])
  }

  func composedGradients(_ inputs: [Tensor<Scalar>], _ g: Tensor<Scalar>, _ needed: Needed) -> [Tensor<Scalar>?] {
    let (x, w1, b1, w2) = (inputs[0], inputs[1], inputs[2], inputs[3])
    let centred = x - x.mean(axis: -1, keepingDimensions: true)
    let scale = (Tensor.rowDot(centred, centred) * (1 / Scalar(width)) + epsilon).power(-0.5)
    let z = centred * scale
    let h = Tensor.linear(z, weight: w1, bias: b1)
    let gh = Tensor.product(Tensor.matmul(g, w2), UnaryFunction(.gelu).derivative!, of: h)
    func gx() -> Tensor<Scalar> {
      let gz = Tensor.matmul(gh, w1)
      let along = (gz * z).mean(axis: -1, keepingDimensions: true)
      return (gz - gz.mean(axis: -1, keepingDimensions: true) - z * along) * scale
    }
    return [
      needed[0] ? gx() : nil, needed[1] ? Tensor.matmul(gh, z, transposingFirst: true) : nil, needed[2] ? gh.sum(axis: 0) : nil,
      needed[3] ? Tensor.matmul(g, h.gelu(), transposingFirst: true) : nil, needed[4] ? g.sum(axis: 0) : nil,
    ] + (inputs.count > 5 ? [g] : [])
  }
}
