import CZlib
import Requirements

/// Raw deflate streams (RFC 1951) and CRC-32, by zlib.
enum Deflate {
  /// A match of 258 bytes takes at least 2 bits, so that no stream is more compact.
  static let maximumRatio = 1032

  /// The CRC-32 of ZIP (IEEE 802.3).
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { UInt32(truncatingIfNeeded: crc32_z(0, $0.bindMemory(to: UInt8.self).baseAddress, $0.count)) }
  }

  /// Inflates a stream that must give exactly `size` bytes and end with its input.
  ///
  /// The memory taken grows with what the stream gives, not with what `size` promises.
  static func inflate(_ source: FileBytes, size: Int) throws(FileFormatError) -> [UInt8] {
    guard size / maximumRatio <= source.count else {
      throw source.failure(
        .malformed, "\(source.count) compressed bytes are said to hold \(size), more than \(maximumRatio) times as many")
    }
    // zlib keeps the address of the stream, so the stream must stay where it is.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw source.failure(.unreadable, "zlib cannot start", cure: "free some memory")
    }
    defer { inflateEnd(stream) }

    var output = [UInt8](repeating: 0, count: min(size, 4 * source.count + 65536))
    var produced = 0
    var consumed = 0
    var status = Z_OK
    while status == Z_OK {
      if produced == output.count && produced < size {
        output.append(contentsOf: repeatElement(0, count: min(size - produced, output.count)))
      }
      // A full output still needs one call for the end of the stream; a byte that comes with it is one too many.
      var excess: UInt8 = 0
      let room = output.count - produced
      source.storage.withUnsafeBytes { input in
        let chunk = min(input.count - consumed, 1 << 30)
        stream.pointee.next_in = UnsafeMutablePointer(
          mutating: input.bindMemory(to: UInt8.self).baseAddress.map { $0 + consumed })
        stream.pointee.avail_in = UInt32(chunk)
        if room > 0 {
          let available = min(room, 1 << 30)
          output.withUnsafeMutableBufferPointer {
            stream.pointee.next_out = $0.baseAddress! + produced
            stream.pointee.avail_out = UInt32(available)
            status = CZlib.inflate(stream, Z_NO_FLUSH)
          }
          produced += available - Int(stream.pointee.avail_out)
        } else {
          withUnsafeMutablePointer(to: &excess) {
            stream.pointee.next_out = $0
            stream.pointee.avail_out = 1
            status = CZlib.inflate(stream, Z_NO_FLUSH)
          }
          if stream.pointee.avail_out == 0 { produced += 1 }
        }
        consumed += chunk - Int(stream.pointee.avail_in)
      }
      if produced > size { throw source.failure(.malformed, at: consumed, "the stream gives more than the declared \(size) bytes") }
    }
    guard status == Z_STREAM_END else {
      let ended = status == Z_BUF_ERROR
      throw source.failure(
        ended ? .truncated : .malformed, at: consumed,
        ended ? "the deflate stream has no end" : "the deflate stream is damaged after \(produced) bytes")
    }
    guard produced == size, consumed == source.count else {
      throw source.failure(
        .malformed, at: consumed,
        "the stream gives \(produced) of \(size) declared bytes and ends at \(consumed) of \(source.count)")
    }
    return output
  }

  /// The bytes as one raw deflate stream of zlib's default level.
  static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let level = Z_DEFAULT_COMPRESSION
    let started = deflateInit2_(
      stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    require(started == Z_OK, "zlib cannot start: out of memory")
    defer { deflateEnd(stream) }
    let bound = Int(deflateBound(stream, UInt(bytes.count)))
    return [UInt8](unsafeUninitializedCapacity: bound) { output, produced in
      bytes.withUnsafeBufferPointer { input in
        var consumed = 0
        var status = Z_OK
        while status == Z_OK {
          let chunk = min(input.count - consumed, 1 << 30)
          let room = min(bound - produced, 1 << 30)
          stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + consumed })
          stream.pointee.avail_in = UInt32(chunk)
          stream.pointee.next_out = output.baseAddress! + produced
          stream.pointee.avail_out = UInt32(room)
          status = CZlib.deflate(stream, consumed + chunk == input.count ? Z_FINISH : Z_NO_FLUSH)
          consumed += chunk - Int(stream.pointee.avail_in)
          produced += room - Int(stream.pointee.avail_out)
        }
        require(status == Z_STREAM_END, "zlib ended with \(status)")
      }
    }
  }
}
