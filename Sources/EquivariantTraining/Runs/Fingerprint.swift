import DifferentiableTensors
import FileFormats

/// A hash of 64 bits (FNV-1a), by which a run recognises its data.
///
/// It protects against mistakes, not against forgery.
public struct Fingerprint: Sendable, Equatable {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The fingerprint of no data.
  public init() {}

  /// The fingerprint of tensors with their shapes, in the given order.
  public init<Scalar: TensorScalar>(_ tensors: Tensor<Scalar>...) { for tensor in tensors { mix(tensor) } }

  /// The hash as at most sixteen hexadecimal digits.
  public var text: String { String(hash, radix: 16) }

  /// Adds whole numbers.
  public mutating func mix(_ values: some Sequence<Int>) { for value in values { mix(bits: UInt64(bitPattern: Int64(value))) } }
  /// Adds the bits of numbers.
  public mutating func mix(_ values: some Sequence<Double>) { for value in values { mix(bits: value.bitPattern) } }
  /// Adds the bits of numbers.
  public mutating func mix(_ values: some Sequence<Float>) { for value in values { mix(bits: UInt64(value.bitPattern)) } }
  /// Adds the shape and the elements of a tensor.
  public mutating func mix<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) {
    mix([tensor.shape.dimensions.count] + tensor.shape.dimensions)
    tensor.withElements { for value in $0 { mix(bits: Double(value).bitPattern) } }
  }
  /// Adds the characters of a text and its length.
  public mutating func mix(text: String) {
    let bytes = Array(text.utf8)
    mix([bytes.count] + bytes.map(Int.init))
  }

  private mutating func mix(bits: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { hash = (hash ^ (bits >> UInt64(shift) & 0xFF)) &* 0x100_0000_01B3 }
  }
}

/// Throws if data differ from those that a run was started with.
///
/// - Parameters:
///   - found: the text of the fingerprint of the present data.
///   - expected: the text of the fingerprint of the run's data; nil if it is not known, as in files of older versions.
///   - path: the file that the error names.
public func checkData(_ found: String, areThose expected: String?, of path: String) throws(FileFormatError) {
  guard let expected, expected != found else { return }
  throw FileFormatError(
    .malformed, path: path, cause: "the data differ from those of the run", cure: "give the data that the run was begun with")
}
