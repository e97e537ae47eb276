import CKernels
import DifferentiableTensors
import Requirements

extension Tensor {
  /// The part over orientations of a separable convolution on positions and orientations (Bekkers et al. 2024, eq. 9), channel by channel:
  ///
  /// y[i, p, c] = Σ_o k[p, o, c] x[i, o, c].
  /// - Parameters:
  ///   - k: [orientations, orientations, channels]; weights of a quadrature are part of it.
  ///   - x: [nodes, orientations, channels].
  /// - Returns: y, [nodes, orientations, channels].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func fiberConvolution(kernel k: Tensor, features x: Tensor) -> Tensor {
    require(
      x.rank == 3 && k.shape == [x.shape[1], x.shape[1], x.shape[2]],
      "features [nodes, n, channels] and a kernel [n, n, channels] are expected, received \(x.shape) and \(k.shape)")
    let (n, channels) = (x.shape[1], x.shape[2])
    let y = Tensor(uninitialized: x.shape)
    nonisolated(unsafe) let (p, q, r) = (k.pointer, x.pointer, y.pointer)
    Threads.split(x.shape[0], grain: Swift.max(1, (1 << 18) / Swift.max(1, n * n * channels))) { start, count in
      ck_fiber_convolution(Scalar.kernelType, count, n, channels, p, q + start * n * channels, r + start * n * channels)
    }
    return operation([k, x], value: y) { _, g -> [Tensor?] in
      [
        k.requiresGradient ? fiberProducts(g, x) : nil,
        x.requiresGradient ? fiberConvolution(kernel: k.permuted([1, 0, 2]), features: g) : nil,
      ]
    }
  }

  /// The derivative of Σ g y by k: Σ_i g[i, p, c] x[i, o, c]. Together with y it is one trilinear form, which is closed under derivatives
  /// of any order.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private static func fiberProducts(_ g: Tensor, _ x: Tensor) -> Tensor {
    let (nodes, n, channels) = (x.shape[0], x.shape[1], x.shape[2])
    let runs = Swift.max(1, Swift.min(16, nodes / 64))
    let partial = Tensor(uninitialized: [runs, n, n, channels])
    nonisolated(unsafe) let (p, q, r) = (g.pointer, x.pointer, partial.pointer)
    Threads.run(pieces: runs) { run in
      let (start, end) = (run * nodes / runs * n * channels, (run + 1) * nodes / runs)
      ck_fiber_products(
        Scalar.kernelType, end - run * nodes / runs, n, channels, p + start, q + start, r + run * n * n * channels)
    }
    return operation([g, x], value: withoutRecording { partial.sum(axis: 0) }) { _, h -> [Tensor?] in
      [
        g.requiresGradient ? fiberConvolution(kernel: h, features: x) : nil,
        x.requiresGradient ? fiberConvolution(kernel: h.permuted([1, 0, 2]), features: g) : nil,
      ]
    }
  }
}
