import CFFTW
import CKernels
import DifferentiableTensors
import RealModule
import Requirements

/// How the Fourier sums about an axis are computed.
public enum AzimuthalMethod: Sendable {
  /// By FFTW where there are enough angles to make it the faster one, otherwise as a matrix product.
  case automatic
  /// By FFTW's real transforms.
  case fft
  /// As a product with the matrix of cosines and sines.
  case matrix

  /// Where the two cost the same, as measured (`benchmarks groups --only azimuth`).
  static let crossover = 128
}

/// Real Fourier sums along the slowest axis of an array: f[j, :] = Σ_μ e_μ(2πj/n) F[μ, :] for orders μ = −L ... L, with
/// e_μ = sin |μ|α, 1, cos μα for μ < 0, = 0, > 0; and the transpose of that.
struct AzimuthalTransform<Scalar: TensorScalar>: Sendable {
  let degree: Int
  let angles: Int
  private let usesFFT: Bool
  /// e_μ(α_j), [angles, 2 degree + 1]; empty where FFTW is used.
  private let matrix: [Scalar]

  init(degree: Int, angles: Int, method: AzimuthalMethod) {
    require(
      angles >= 2 * degree + 1, "at least \(2 * degree + 1) angles are expected for signals of degree \(degree), received \(angles)")
    self.degree = degree
    self.angles = angles
    usesFFT =
      switch method {
      case .automatic: angles >= AzimuthalMethod.crossover
      case .fft: true
      case .matrix: false
      }
    matrix =
      usesFFT
      ? []
      : (0..<angles).flatMap { j in
        (-degree...degree).map { m in
          // The angle reduced in integers: exact zeros stay zeros.
          let angle = 2 * .pi * Double(j * abs(m) % angles) / Double(angles)
          return Scalar(m < 0 ? Double.sin(angle) : Double.cos(angle))
        }
      }
  }

  var orders: Int { 2 * degree + 1 }

  /// f [angles, width] from F [orders, width].
  func synthesize(_ source: UnsafePointer<Scalar>, _ width: Int, _ target: UnsafeMutablePointer<Scalar>) {
    if !usesFFT { return product(transposed: false, source, width, target) }
    let row = MemoryLayout<Scalar>.stride
    eachBlock(source, target, width) { x, y, block, count in
      // Half-complex order: real parts at m, imaginary ones at n − m. FFTW doubles both; orders stop short of n/2.
      ck_fill(Scalar.kernelType, angles &* count, 0, block)
      for m in 0...degree {
        ck_affine(Scalar.kernelType, count, x + (degree + m) &* width, m == 0 ? 1 : 0.5, 0, block + m &* count)
        if m > 0 { ck_affine(Scalar.kernelType, count, x + (degree - m) &* width, -0.5, 0, block + (angles - m) &* count) }
      }
      RealFFT.execute(.synthesis, angles, count, block)
      ck_copy_rows(angles, count &* row, block, count &* row, y, width &* row)
    }
  }

  /// F [orders, width] = eᵀ f from f [angles, width].
  func project(_ source: UnsafePointer<Scalar>, _ width: Int, _ target: UnsafeMutablePointer<Scalar>) {
    if !usesFFT { return product(transposed: true, source, width, target) }
    let row = MemoryLayout<Scalar>.stride
    eachBlock(source, target, width) { x, y, block, count in
      ck_copy_rows(angles, count &* row, x, width &* row, block, count &* row)
      RealFFT.execute(.analysis, angles, count, block)
      for m in 0...degree {
        ck_affine(Scalar.kernelType, count, block + m &* count, 1, 0, y + (degree + m) &* width)
        if m > 0 { ck_affine(Scalar.kernelType, count, block + (angles - m) &* count, -1, 0, y + (degree - m) &* width) }
      }
    }
  }

  private func product(
    transposed: Bool, _ source: UnsafePointer<Scalar>, _ width: Int, _ target: UnsafeMutablePointer<Scalar>
  ) {
    nonisolated(unsafe) let (x, y) = (source, target)
    matrix.withUnsafeBufferPointer { matrix in
      nonisolated(unsafe) let e = matrix.baseAddress!
      Threads.split(width, grain: Swift.max(64, (1 << 18) / matrix.count)) { start, count in
        ck_gemm(
          Scalar.kernelType, transposed ? 1 : 0, 0, transposed ? orders : angles, count, transposed ? angles : orders, e, orders, x + start,
          width, 0, nil, y + start, width)
      }
    }
  }

  /// Some columns at a time, with memory [angles, count] that stays in the nearest caches.
  private func eachBlock(
    _ source: UnsafePointer<Scalar>, _ target: UnsafeMutablePointer<Scalar>, _ width: Int,
    _ body: @Sendable (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>, Int) -> Void
  ) {
    nonisolated(unsafe) let (x, y) = (source, target)
    let size = 32
    Threads.run(pieces: (width + size - 1) / size) { i in
      let start = i &* size
      let count = min(size, width &- start)
      let block = Tensor<Scalar>(uninitialized: [angles, count])
      body(x + start, y + start, block.pointer, count)
      withExtendedLifetime(block) {}
    }
  }
}

/// FFTW's real transforms of columns, in place, with plans that are made once.
enum RealFFT {
  enum Direction { case synthesis, analysis }

  private struct Key: Hashable {
    let isDouble: Bool, direction: Direction, length: Int, count: Int
  }
  private struct Plan: @unchecked Sendable { let pointer: OpaquePointer }
  private static let plans = Memo<Key>()

  /// `count` columns of `length` elements, element (j, i) at data[j count + i].
  static func execute<Scalar: TensorScalar>(_ direction: Direction, _ length: Int, _ count: Int, _ data: UnsafeMutablePointer<Scalar>) {
    let isDouble = Scalar.self == Double.self
    let key = Key(isDouble: isDouble, direction: direction, length: length, count: count)
    let plan = plans.value(key) {
      // FFTW_ESTIMATE does not touch the arrays.
      var n = [Int32(length)]
      var kind = [direction == .synthesis ? FFTW_HC2R : FFTW_R2HC]
      let flags = FFTW_ESTIMATE | UInt32(FFTW_UNALIGNED)
      let raw = UnsafeMutableRawPointer(data)
      return FFTWPlanner.plan {
        let made =
          isDouble
          ? fftw_plan_many_r2r(
            1, &n, Int32(count), raw.assumingMemoryBound(to: Double.self), nil, Int32(count), 1, raw.assumingMemoryBound(to: Double.self),
            nil, Int32(count), 1, &kind, flags)
          : fftwf_plan_many_r2r(
            1, &n, Int32(count), raw.assumingMemoryBound(to: Float.self), nil, Int32(count), 1, raw.assumingMemoryBound(to: Float.self),
            nil, Int32(count), 1, &kind, flags)
        guard let made else { fatalError("FFTW made no plan for \(count) transforms of \(length) elements") }
        return Plan(pointer: made)
      }
    }
    let raw = UnsafeMutableRawPointer(data)
    if isDouble {
      fftw_execute_r2r(plan.pointer, raw.assumingMemoryBound(to: Double.self), raw.assumingMemoryBound(to: Double.self))
    } else {
      fftwf_execute_r2r(plan.pointer, raw.assumingMemoryBound(to: Float.self), raw.assumingMemoryBound(to: Float.self))
    }
  }
}
