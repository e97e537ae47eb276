import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The memory of one tensor, on a 64-byte boundary, without initial values. It is written only by the operation that makes it (and by
/// optimizers, where nothing else holds it).
final class Storage<Scalar: TensorScalar>: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Scalar>
  let count: Int

  @inline(__always) init(count: Int) {
    self.count = count
    guard let raw = ck_allocate(max(count, 1) &* MemoryLayout<Scalar>.stride) else {
      fatalError("out of memory: \(count) elements of \(Scalar.self)")
    }
    pointer = raw.assumingMemoryBound(to: Scalar.self)
  }
  deinit { ck_release(pointer, max(count, 1) &* MemoryLayout<Scalar>.stride) }
}

/// Copies by memcpy, since `update(from:count:)` runs unspecialised, element by element, in generic code.
@inline(__always) func copy<Scalar>(_ source: UnsafePointer<Scalar>, to target: UnsafeMutablePointer<Scalar>, count: Int) {
  memcpy(target, source, count &* MemoryLayout<Scalar>.stride)
}
