import CKernels
import DifferentiableTensors

/// The trilinear form Σ_t Σ_i y[t, i]ᵀ R[t]ᵀ x[c(t), i] of the vectors x of clouds c and their coordinates y in frames t.
///
/// Its derivative by y gives coordinates, y = Rᵀ x; that by x gives vectors summed over the frames of a cloud, x = Σ_t R y; and that by R
/// gives sums of outer products. Each is linear in the other two arguments and has the other two as its derivatives, so that the family is
/// closed under derivatives of any order.
final class FrameForm: Sendable {
  private let starts: [Int32]
  private let xs: [Int32]
  private let ys: [Int32]
  private let dimension: Int
  private var clouds: Int { starts.count - 1 }
  private var frames: Int { ys.count - 1 }

  /// - Parameters:
  ///   - frames: the number of frames of each cloud.
  ///   - vectors: the number of vectors of each cloud.
  ///   - dimension: d.
  init(frames: [Int], vectors: [Int], dimension: Int) {
    var (starts, xs, ys) = ([Int32(0)], [Int32(0)], [Int32(0)])
    for (k, n) in zip(frames, vectors) {
      starts.append(starts.last! + Int32(k))
      xs.append(xs.last! + Int32(n))
      for _ in 0..<k { ys.append(ys.last! + Int32(n)) }
    }
    (self.starts, self.xs, self.ys, self.dimension) = (starts, xs, ys, dimension)
  }

  /// The number of clouds in a piece of work.
  private var grain: Int { max(1, 8192 * clouds / max(1, Int(ys.last!))) }

  /// y [frames' vectors, d] from R [frames, d, d] and x [clouds' vectors, d].
  func coordinates<Scalar: TensorScalar>(_ r: Tensor<Scalar>, _ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let y = Tensor<Scalar>(uninitialized: [Int(ys.last!), dimension])
    nonisolated(unsafe) let (rp, xp, yp) = (r.pointer, x.pointer, y.pointer)
    Threads.split(clouds, grain: grain) { start, count in
      ck_frame_coordinates(Scalar.kernelType, start, start + count, starts, xs, ys, dimension, rp, xp, yp)
    }
    return Tensor<Scalar>.operation([r, x], value: y) { [self] (_, g) -> [Tensor<Scalar>?] in
      [r.requiresGradient ? products(x, g) : nil, x.requiresGradient ? vectors(r, g) : nil]
    }
  }

  /// x [clouds' vectors, d] from R and y.
  func vectors<Scalar: TensorScalar>(_ r: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    let x = Tensor<Scalar>(uninitialized: [Int(xs.last!), dimension])
    nonisolated(unsafe) let (rp, xp, yp) = (r.pointer, x.pointer, y.pointer)
    Threads.split(clouds, grain: grain) { start, count in
      ck_frame_vectors(Scalar.kernelType, start, start + count, starts, xs, ys, dimension, rp, yp, xp)
    }
    return Tensor<Scalar>.operation([r, y], value: x) { [self] (_, g) -> [Tensor<Scalar>?] in
      [r.requiresGradient ? products(g, y) : nil, y.requiresGradient ? coordinates(r, g) : nil]
    }
  }

  /// R [frames, d, d] from x and y.
  private func products<Scalar: TensorScalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    let r = Tensor<Scalar>(uninitialized: [frames, dimension, dimension])
    nonisolated(unsafe) let (rp, xp, yp) = (r.pointer, x.pointer, y.pointer)
    Threads.split(clouds, grain: grain) { start, count in
      ck_frame_products(Scalar.kernelType, start, start + count, starts, xs, ys, dimension, xp, yp, rp)
    }
    return Tensor<Scalar>.operation([x, y], value: r) { [self] (_, g) -> [Tensor<Scalar>?] in
      [x.requiresGradient ? vectors(g, y) : nil, y.requiresGradient ? coordinates(g, x) : nil]
    }
  }
}
