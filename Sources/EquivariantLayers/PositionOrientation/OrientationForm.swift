import CKernels
import DifferentiableTensors
import MessagePassing

/// The quadrilinear form Q(b, W, x, g) = Σ (W b[e, o])_c x[j, o, c] g[i, o, c] over edges e from j to i, orientations o and channels c.
///
/// Its derivatives by g (the convolution), by x, by b and by W are linear in the other three arguments and have each other as derivatives,
/// so that the family is closed under derivatives of any order. The one by x is the convolution of g with the ends of all edges exchanged.
struct OrientationForm {
  let pairs: EdgePairs

  /// Which derivatives a pass computes: sums at nodes, and those by b, by W and by the kernel of loops.
  private struct Results: OptionSet {
    let rawValue: Int
    static let sums = Results(rawValue: 1)
    static let basis = Results(rawValue: 2)
    static let weight = Results(rawValue: 4)
    static let loop = Results(rawValue: 8)
    static let kernel = Results(rawValue: 16)
  }
  private struct Derivatives<Scalar: TensorScalar> {
    var sums, basis, weight, loop, kernel: Tensor<Scalar>?
  }

  /// The derivative by g at the receivers from x at the senders, plus loop ⊙ x; at the senders from the receivers where `reversed`.
  @specialized(where S == Float) @specialized(where S == Double)
  func values<S: TensorScalar>(
    _ b: Tensor<S>, _ w: Tensor<S>, _ x: Tensor<S>, loop: Tensor<S>?, reversed: Bool = false, keepsKernel: Bool = false
  ) -> Tensor<S> {
    let inputs = [b, w, x] + (loop.map { [$0] } ?? [])
    let keeps = keepsKernel && inputs.contains { $0.requiresGradient }
    let made = evaluate(keeps ? [.sums, .kernel] : .sums, b, w, from: x, loop: loop, reversed: reversed)
    let kernel = made.kernel
    return Tensor<S>.operation(inputs, value: made.sums!) { _, g -> [Tensor<S>?] in
      if isRecording {
        let (s, r) = reversed ? (g, x) : (x, g)
        let gradients = [
          b.requiresGradient ? basis(w, s, r) : nil, w.requiresGradient ? weight(b, s, r) : nil,
          x.requiresGradient ? values(b, w, g, loop: loop, reversed: !reversed) : nil,
        ]
        return gradients + (loop.map { [$0.requiresGradient ? (x * g).sum(axes: [0, 1]) : nil] } ?? [])
      }
      var wanted: Results = x.requiresGradient ? .sums : []
      if b.requiresGradient { wanted.insert(.basis) }
      if w.requiresGradient { wanted.insert(.weight) }
      if loop?.requiresGradient == true { wanted.insert(.loop) }
      let d = evaluate(wanted, b, w, from: g, to: x, loop: loop, kernel: kernel, reversed: !reversed)
      return [d.basis, d.weight, d.sums] + (loop == nil ? [] : [d.loop])
    }
  }

  /// The derivative by b, [pairs, orientations, basis], from x at the senders and g at the receivers.
  private func basis<S: TensorScalar>(_ w: Tensor<S>, _ x: Tensor<S>, _ g: Tensor<S>) -> Tensor<S> {
    Tensor<S>.operation([w, x, g], value: evaluate(.basis, nil, w, from: x, to: g).basis!) { _, h -> [Tensor<S>?] in
      [
        w.requiresGradient ? weight(h, x, g) : nil, x.requiresGradient ? values(h, w, g, loop: nil, reversed: true) : nil,
        g.requiresGradient ? values(h, w, x, loop: nil) : nil,
      ]
    }
  }

  /// The derivative by W, [channels, basis].
  private func weight<S: TensorScalar>(_ b: Tensor<S>, _ x: Tensor<S>, _ g: Tensor<S>) -> Tensor<S> {
    Tensor<S>.operation([b, x, g], value: evaluate(.weight, b, nil, from: x, to: g).weight!) { _, h -> [Tensor<S>?] in
      [
        b.requiresGradient ? basis(h, x, g) : nil, x.requiresGradient ? values(b, h, g, loop: nil, reversed: true) : nil,
        g.requiresGradient ? values(b, h, x, loop: nil) : nil,
      ]
    }
  }

  /// One pass over all pairs, in runs that do not depend on the number of threads. Sums are at the other ends than those of x.
  private func evaluate<S: TensorScalar>(
    _ wanted: Results, _ b: Tensor<S>?, _ w: Tensor<S>?, from x: Tensor<S>, to g: Tensor<S>? = nil, loop: Tensor<S>? = nil,
    kernel: Tensor<S>? = nil, reversed: Bool = false
  ) -> Derivatives<S> {
    let (n, channels, basis) = (x.shape[1], x.shape[2], (w ?? b)!.shape[-1])
    let (parts, areApart) = pairs.runs(min(16, pairs.count * n * channels * max(basis, 1) >> 20))
    // Where runs share nodes each has sums of its own; what loops give is then a run for itself.
    let runs = areApart ? parts : parts + [EdgePairs.Run(pairs: 0..<0, nodes: 0..<x.shape[0])]
    let places = areApart ? runs.map { $0.nodes.lowerBound } : runs.reduce(into: [0]) { $0.append($0.last! + $1.nodes.count) }
    func make(_ result: Results, _ shape: Shape) -> Tensor<S>? { wanted.contains(result) ? Tensor(uninitialized: shape) : nil }
    let sums = make(.sums, areApart ? x.shape : [places.last!, n, channels])
    let (gw, gloop) = (make(.weight, [runs.count, channels, basis]), make(.loop, [runs.count, channels]))
    let (gb, kept) = (make(.basis, [pairs.count, n, basis]), make(.kernel, [pairs.count, n, channels]))
    let turned = w.map { w in
      let t = Tensor<S>(uninitialized: [basis, channels])
      ck_transpose(S.kernelType, channels, basis, w.pointer, basis, t.pointer, channels)
      return t
    }
    let (from, to) = reversed ? (pairs.receivers, pairs.senders) : (pairs.senders, pairs.receivers)
    from.rows.withUnsafeBufferPointer { j in
      to.rows.withUnsafeBufferPointer { i in
        pairs.isMutual.withUnsafeBytes { mutual in
          nonisolated(unsafe) let (form, j, i, mutual) = (
            (b?.pointer, w?.pointer, turned?.pointer, kernel?.pointer, x.pointer, g?.pointer, loop?.pointer), j.baseAddress, i.baseAddress,
            mutual.baseAddress?.assumingMemoryBound(to: UInt8.self)
          )
          nonisolated(unsafe) let out = (kept?.pointer, sums?.pointer, gb?.pointer, gw?.pointer, gloop?.pointer)
          Threads.run(pieces: runs.count) { k in
            let (run, withLoops) = (runs[k], areApart || k == runs.count - 1)
            var form = ck_orientation(
              orientations: n, channels: channels, basis: basis, from: j, to: i, mutual: mutual, b: form.0, weight: form.1, turned: form.2,
              kernel: form.3, x: form.4, g: form.5, loop: withLoops ? form.6 : nil)
            var results = ck_orientation_results(
              kernel: out.0, y: out.1.map { $0 + places[k] * n * channels }, first: run.nodes.lowerBound, count: run.nodes.count, gb: out.2,
              gw: out.3.map { $0 + k * channels * basis }, gloop: out.4.map { $0 + k * channels })
            ck_orientation_convolution(S.kernelType, &form, run.pairs.lowerBound, run.pairs.upperBound, &results)
          }
        }
      }
    }
    withExtendedLifetime(turned) {}
    /// The sums of all runs, in their order, with those of loops first.
    func total(_ partial: Tensor<S>) -> Tensor<S> {
      if areApart { return partial }
      let (width, last) = (n * channels, runs.count - 1)
      let result = Tensor<S>(uninitialized: x.shape)
      nonisolated(unsafe) let (p, q) = (partial.pointer, result.pointer)
      Threads.split(x.shape[0], grain: max(1, (1 << 15) / max(1, width))) { start, count in
        ck_affine(S.kernelType, count * width, p + (places[last] + start) * width, 1, 0, q + start * width)
        for (run, place) in zip(runs, places).dropLast() {
          let common = run.nodes.clamped(to: start..<start + count)
          if common.isEmpty { continue }
          ck_accumulate(
            S.kernelType, common.count * width, p + (place + common.lowerBound - run.nodes.lowerBound) * width,
            q + common.lowerBound * width)
        }
      }
      return result
    }
    return withoutRecording {
      Derivatives(
        sums: sums.map(total), basis: gb, weight: gw.map { $0.sum(axis: 0) },
        loop: gloop.map { areApart ? $0.sum(axis: 0) : $0.selected(axis: 0, runs.count - 1) }, kernel: kept)
    }
  }
}
