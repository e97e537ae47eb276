import CFFTW
import CKernels
import DifferentiableTensors
import FourierTransforms

/// FFTW's two-dimensional complex transforms of several arrays at a time, in place, with real parts apart from imaginary ones; plans are
/// made once.
enum TorusFFT {
  private struct Key: Hashable { let isDouble: Bool, polar: Int, azimuthal: Int, lanes: Int }
  private struct Plans: @unchecked Sendable { let inverse: OpaquePointer, forward: OpaquePointer }
  private static let made = Memo<Key>()

  static func plans<Scalar: TensorScalar>(_ type: Scalar.Type, _ polar: Int, _ azimuthal: Int) -> (UnsafeRawPointer, UnsafeRawPointer) {
    let lanes = Int(ck_sphere_lanes(Scalar.kernelType))
    let key = Key(isDouble: type == Double.self, polar: polar, azimuthal: azimuthal, lanes: lanes)
    let plans = made.value(key) {
      // FFTW_ESTIMATE does not touch the array; it is on a boundary of 64 bytes, as all will be.
      let (n, count) = (polar * azimuthal * lanes, Int32(lanes))
      let memory = Tensor<Scalar>(uninitialized: [2, n])
      let raw = UnsafeMutableRawPointer(memory.pointer)
      func plan(_ real: Int, _ imaginary: Int) -> OpaquePointer {
        let made: OpaquePointer?
        if key.isDouble {
          let x = raw.assumingMemoryBound(to: Double.self)
          var dimensions = [
            fftw_iodim(n: Int32(polar), is: Int32(azimuthal) * count, os: Int32(azimuthal) * count),
            fftw_iodim(n: Int32(azimuthal), is: count, os: count),
          ]
          var many = fftw_iodim(n: count, is: 1, os: 1)
          made = fftw_plan_guru_split_dft(
            2, &dimensions, 1, &many, x + real, x + imaginary, x + real, x + imaginary, FFTW_ESTIMATE)
        } else {
          let x = raw.assumingMemoryBound(to: Float.self)
          var dimensions = [
            fftwf_iodim(n: Int32(polar), is: Int32(azimuthal) * count, os: Int32(azimuthal) * count),
            fftwf_iodim(n: Int32(azimuthal), is: count, os: count),
          ]
          var many = fftwf_iodim(n: count, is: 1, os: 1)
          made = fftwf_plan_guru_split_dft(
            2, &dimensions, 1, &many, x + real, x + imaginary, x + real, x + imaginary, FFTW_ESTIMATE)
        }
        guard let made else { fatalError("FFTW made no plan for \(polar)×\(azimuthal) points") }
        return made
      }
      // Exchanging the parts conjugates the transform: the kernel does it for the inverse.
      return FFTWPlanner.plan { Plans(inverse: plan(n, 0), forward: plan(0, n)) }
    }
    return (UnsafeRawPointer(plans.inverse), UnsafeRawPointer(plans.forward))
  }

  /// Executes a plan on two parts of an array.
  static func execute<Scalar: TensorScalar>(_ type: Scalar.Type)
    -> @convention(c) (UnsafeRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?) -> Void
  {
    if type == Double.self {
      return { plan, first, second in
        let (a, b) = (first!.assumingMemoryBound(to: Double.self), second!.assumingMemoryBound(to: Double.self))
        fftw_execute_split_dft(OpaquePointer(plan!), a, b, a, b)
      }
    }
    return { plan, first, second in
      let (a, b) = (first!.assumingMemoryBound(to: Float.self), second!.assumingMemoryBound(to: Float.self))
      fftwf_execute_split_dft(OpaquePointer(plan!), a, b, a, b)
    }
  }
}
