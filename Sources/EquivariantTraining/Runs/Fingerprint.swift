import DifferentiableTensors
import FileFormats

/// A number of 64 bits that differs where data do (FNV-1a), for a run to know its data again.
///
/// It protects against mistakes, not against forgery.
public struct Fingerprint: Sendable, Equatable {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Of no data.
  public init() {}

  /// Of tensors in their order, with their shapes.
  public init<Scalar: TensorScalar>(_ tensors: Tensor<Scalar>...) { for tensor in tensors { mix(tensor) } }

  /// Sixteen hexadecimal digits or fewer.
  public var text: String { String(hash, radix: 16) }

  /// Takes whole numbers in.
  public mutating func mix(_ values: some Sequence<Int>) { for value in values { mix(bits: UInt64(bitPattern: Int64(value))) } }
  /// Takes the bits of numbers in.
  public mutating func mix(_ values: some Sequence<Double>) { for value in values { mix(bits: value.bitPattern) } }
  /// Takes the bits of numbers in.
  public mutating func mix(_ values: some Sequence<Float>) { for value in values { mix(bits: UInt64(value.bitPattern)) } }
  /// Takes shape and elements of a tensor in.
  public mutating func mix<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) {
    mix([tensor.shape.dimensions.count] + tensor.shape.dimensions)
    tensor.withElements { for value in $0 { mix(bits: Double(value).bitPattern) } }
  }
  /// Takes the characters of a text in, and its length.
  public mutating func mix(text: String) {
    let bytes = Array(text.utf8)
    mix([bytes.count] + bytes.map(Int.init))
  }

  private mutating func mix(bits: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { hash = (hash ^ (bits >> UInt64(shift) & 0xFF)) &* 0x100_0000_01B3 }
  }
}

/// Throws if data differ from those that a run was begun with.
///
/// - Parameters:
///   - found: the text of the fingerprint of the data that are there.
///   - expected: that of the data of the run; nil, as in files of older versions, for not known.
///   - path: what the error names.
public func checkData(_ found: String, areThose expected: String?, of path: String) throws(FileFormatError) {
  guard let expected, expected != found else { return }
  throw FileFormatError(
    .malformed, path: path, cause: "the data differ from those of the run", cure: "give the data that the run was begun with")
}
