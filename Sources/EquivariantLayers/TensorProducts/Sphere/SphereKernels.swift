import DifferentiableTensors

/// The kernels made so far, once per process, since derivatives ask for them again and again.
enum SphereKernels {
  private struct Key: Hashable {
    let operation: SphereOperation, degrees: SphereDegrees, method: GauntMethod, isDouble: Bool
  }
  private static let made = Memo<Key>()

  /// - Parameter method: not `.automatic`.
  static func kernel<Scalar: TensorScalar>(
    _ operation: SphereOperation, _ degrees: SphereDegrees, _ method: GauntMethod, _ type: Scalar.Type
  ) -> any SphereKernel<Scalar> {
    let key = Key(operation: operation, degrees: degrees, method: method, isDouble: type == Double.self)
    return made.value(key) { () -> any SphereKernel<Scalar> in
      switch method {
      case .sparse: SphereSparseKernel<Scalar>(operation, degrees)
      case .fourier: SphereTorusKernel<Scalar>(degrees)
      case .quadrature, .automatic: SphereGridKernel<Scalar>(operation, degrees)
      }
    }
  }
}
