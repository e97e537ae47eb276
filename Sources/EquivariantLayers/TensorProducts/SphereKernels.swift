import DifferentiableTensors
import Synchronization

/// The kernels made so far, once a process: derivatives ask for them again and again.
enum SphereKernels {
  private struct Key: Hashable {
    let operation: SphereOperation, degrees: SphereDegrees, method: GauntMethod, isDouble: Bool
  }
  private static let made = Mutex<[Key: any Sendable]>([:])

  /// - Parameter method: not `.automatic`.
  static func kernel<Scalar: TensorScalar>(
    _ operation: SphereOperation, _ degrees: SphereDegrees, _ method: GauntMethod, _ type: Scalar.Type
  ) -> any SphereKernel<Scalar> {
    let key = Key(operation: operation, degrees: degrees, method: method, isDouble: type == Double.self)
    if let kernel = made.withLock({ $0[key] }) { return kernel as! any SphereKernel<Scalar> }
    // Made outside of the lock: two threads may make the same one.
    let kernel: any SphereKernel<Scalar> =
      switch method {
      case .sparse: SphereSparseKernel<Scalar>(operation, degrees)
      case .fourier: SphereTorusKernel<Scalar>(degrees)
      case .quadrature, .automatic: SphereGridKernel<Scalar>(operation, degrees)
      }
    made.withLock { $0[key] = kernel }
    return kernel
  }
}
