import CKernels
import DifferentiableTensors
import MessagePassing

/// The quadrilinear form Q(b, W, x, g) = Σ (W b[e, o])_c x[j, o, c] g[i, o, c] over edges e from j to i, orientations o and channels c.
///
/// Its derivatives by g (the convolution), by x, by b and by W are linear in the other three arguments, with the other derivatives as their
/// own: derivatives of any order close. By x it is the convolution of g with the ends of all edges exchanged.
struct OrientationForm {
  let pairs: EdgePairs

  /// Which derivatives a pass computes.
  private struct Results: OptionSet {
    let rawValue: Int
    static let kernel = Results(rawValue: 1)
    static let receivers = Results(rawValue: 2)
    static let senders = Results(rawValue: 4)
    static let basis = Results(rawValue: 8)
    static let weight = Results(rawValue: 16)
  }
  private struct Derivatives<Scalar: TensorScalar> {
    var kernel, receivers, senders, basis, weight: Tensor<Scalar>?
  }

  /// The derivative by g at the receivers from x at the senders; the other way about where `reversed`.
  func values<S: TensorScalar>(
    _ b: Tensor<S>, _ w: Tensor<S>, _ x: Tensor<S>, reversed: Bool = false, keepsKernel: Bool = false
  ) -> Tensor<S> {
    let keeps = keepsKernel && (b.requiresGradient || w.requiresGradient || x.requiresGradient)
    let made = evaluate(
      reversed ? .senders : keeps ? [.receivers, .kernel] : .receivers, b, w, senders: reversed ? nil : x, receivers: reversed ? x : nil)
    let kernel = made.kernel
    return Tensor<S>.operation([b, w, x], value: (reversed ? made.senders : made.receivers)!) { _, g -> [Tensor<S>?] in
      let (s, r) = reversed ? (g, x) : (x, g)
      if isRecording {
        return [
          b.requiresGradient ? basis(w, s, r) : nil, w.requiresGradient ? weight(b, s, r) : nil,
          x.requiresGradient ? values(b, w, g, reversed: !reversed) : nil,
        ]
      }
      var wanted: Results = b.requiresGradient ? .basis : []
      if w.requiresGradient { wanted.insert(.weight) }
      if x.requiresGradient { wanted.insert(reversed ? .receivers : .senders) }
      let d = evaluate(wanted, b, w, senders: s, receivers: r, kernel: kernel)
      return [d.basis, d.weight, reversed ? d.receivers : d.senders]
    }
  }

  /// The derivative by b, [pairs, orientations, basis], from x at the senders and g at the receivers.
  private func basis<S: TensorScalar>(_ w: Tensor<S>, _ x: Tensor<S>, _ g: Tensor<S>) -> Tensor<S> {
    Tensor<S>.operation([w, x, g], value: evaluate(.basis, nil, w, senders: x, receivers: g).basis!) { _, h -> [Tensor<S>?] in
      [
        w.requiresGradient ? weight(h, x, g) : nil, x.requiresGradient ? values(h, w, g, reversed: true) : nil,
        g.requiresGradient ? values(h, w, x) : nil,
      ]
    }
  }

  /// The derivative by W, [channels, basis].
  private func weight<S: TensorScalar>(_ b: Tensor<S>, _ x: Tensor<S>, _ g: Tensor<S>) -> Tensor<S> {
    Tensor<S>.operation([b, x, g], value: evaluate(.weight, b, nil, senders: x, receivers: g).weight!) { _, h -> [Tensor<S>?] in
      [
        b.requiresGradient ? basis(h, x, g) : nil, x.requiresGradient ? values(b, h, g, reversed: true) : nil,
        g.requiresGradient ? values(b, h, x) : nil,
      ]
    }
  }

  /// One pass over all pairs, in runs that do not depend on the number of threads.
  private func evaluate<S: TensorScalar>(
    _ wanted: Results, _ b: Tensor<S>?, _ w: Tensor<S>?, senders x: Tensor<S>?, receivers g: Tensor<S>?, kernel: Tensor<S>? = nil
  ) -> Derivatives<S> {
    let nodes = (x ?? g)!.shape
    let (n, channels, basis) = (nodes[1], nodes[2], (w ?? b)!.shape[-1])
    let (runs, areApart) = pairs.runs(min(16, pairs.count * n * channels * max(basis, 1) >> 20))
    func make(_ result: Results, _ shape: Shape) -> Tensor<S>? { wanted.contains(result) ? Tensor(uninitialized: shape) : nil }
    // Sums at nodes: one place of all runs, or where runs share nodes, places one after the other.
    let places = areApart ? runs.map(\.nodes.lowerBound) : runs.reduce(into: [0]) { $0.append($0.last! + $1.nodes.count) }
    let sums = areApart ? nodes : [places.last!, n, channels]
    let (atReceivers, atSenders) = (make(.receivers, sums), make(.senders, sums))
    let perRun = make(.weight, [runs.count, channels, basis])
    let (gb, kept) = (make(.basis, [pairs.count, n, basis]), make(.kernel, [pairs.count, n, channels]))
    let turned = w.map { w in
      let t = Tensor<S>(uninitialized: [basis, channels])
      ck_transpose(S.kernelType, channels, basis, w.pointer, basis, t.pointer, channels)
      return t
    }
    pairs.receivers.rows.withUnsafeBufferPointer { i in
      pairs.senders.rows.withUnsafeBufferPointer { j in
        pairs.isMutual.withUnsafeBytes { mutual in
          nonisolated(unsafe) let form = ck_orientation(
            orientations: n, channels: channels, basis: basis, receivers: i.baseAddress, senders: j.baseAddress,
            mutual: mutual.baseAddress?.assumingMemoryBound(to: UInt8.self), b: b?.pointer, weight: w?.pointer, turned: turned?.pointer,
            kernel: kernel?.pointer, x: x?.pointer, g: g?.pointer)
          nonisolated(unsafe) let (y, gx, gb, gw, kept) = (
            atReceivers?.pointer, atSenders?.pointer, gb?.pointer, perRun?.pointer, kept?.pointer
          )
          Threads.run(pieces: runs.count) { k in
            let place = places[k] * n * channels
            var results = ck_orientation_results(
              first: runs[k].nodes.lowerBound, count: runs[k].nodes.count, kernel: kept, y: y.map { $0 + place }, gx: gx.map { $0 + place },
              gb: gb, gw: gw.map { $0 + k * channels * basis })
            withUnsafePointer(to: form) {
              ck_orientation_convolution(S.kernelType, $0, runs[k].pairs.lowerBound, runs[k].pairs.upperBound, &results)
            }
          }
        }
      }
    }
    /// The sums of all runs, in their order.
    func total(_ partial: Tensor<S>?) -> Tensor<S>? {
      guard let partial, !areApart else { return partial }
      let result = Tensor<S>.zeros(nodes)
      for (run, place) in zip(runs, places) {
        let width = n * channels
        ck_accumulate(S.kernelType, run.nodes.count * width, partial.pointer + place * width, result.pointer + run.nodes.lowerBound * width)
      }
      return result
    }
    return withoutRecording {
      Derivatives(
        kernel: kept, receivers: total(atReceivers), senders: total(atSenders), basis: gb,
        weight: perRun.map { runs.count == 1 ? $0.reshaped(channels, basis) : $0.sum(axis: 0) })
    }
  }
}
