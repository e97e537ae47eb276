import Foundation
import FuzzSupport
import Testing

@testable import FileFormats

/// Damaged files must give a `FileFormatError` or a value, and nothing else: no trap, no unbounded memory.
///
/// Short by default; with `EQUIVARIANT_SLOW_TESTS=1` in the environment every reader runs for 60 seconds.
@Suite(.serialized) struct FuzzTests {
  static let isSlow = ProcessInfo.processInfo.environment["EQUIVARIANT_SLOW_TESTS"] == "1"

  /// How many bytes the values may take that come of so many bytes of input, where no compression is at work.
  static func bound(_ input: Int) -> Int { 64 * input + 65536 }

  @Test func npy() throws {
    let names = ["f4", "i2", "fortran_i2", "S5", "b1", "scalar", "empty", "version2", "unsupported_record"]
    try fuzz(
      seeds: names.map { try readWholeFile(reference("\($0).npy")) },
      words: ["'descr'", "'<i8'", "'|S9999'", "True", "(", ")", ",", "{", "}"]
    ) { bytes throws in
      try Self.size(NumericArray(npyBytes: bytes, path: "p"))
    }
  }

  @Test func npz() throws {
    let names = ["deflated", "descriptors", "zip64"]
    let arrays = [(name: "a", array: NumericArray([1, 2] as [Int32])), (name: "b", array: NumericArray(strings: ["x"]))]
    try fuzz(
      seeds: names.map { try readWholeFile(reference("\($0).npz")) } + [NumericArchive.encode(arrays)],
      words: ["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}", "\u{1}\0\u{10}\0", ".npy"],
      compression: Deflate.maximumRatio
    ) { bytes throws in
      try Self.readAll(NumericArchive(bytes: bytes, path: "p"))
    }
  }

  /// The checksum stops nearly all damage of an entry; with damage done before packing, readers behind it are reached.
  @Test func npyWithinNpz() throws {
    let names = ["f4", "fortran_i2", "S5"]
    try fuzz(seeds: names.map { try readWholeFile(reference("\($0).npy")) }, words: ["(", "True", "'<i8'"]) { bytes throws in
      var writer = ZipWriter(path: "p")
      try writer.add("a.npy", bytes, compression: bytes.count % 2 == 0 ? .stored : .deflated)
      return try Self.readAll(NumericArchive(bytes: writer.finish(), path: "p"))
    }
  }

  @Test func inflate() throws {
    let plain = [Array("to be or not to be, that is to be".utf8), [UInt8](repeating: 0, count: 5000), (0..<200).map { UInt8($0) }]
    let generator = Reference(SplitMix(seed: 5))
    try fuzz(seeds: plain.map(Deflate.deflate), words: ["\0\0\u{7F}\u{7F}"], compression: Deflate.maximumRatio) { bytes throws in
      let size = [33, 5000, 200, 0, Int.max, bytes.count * 1032].randomElement(using: &generator.value)!
      return try Deflate.inflate(FileBytes(bytes[...], path: "p"), size: size).count
    }
  }

  @Test func safetensors() throws {
    var small = SafetensorsFile(metadata: ["a": "b"])
    small.append("x", NumericArray([1, 2] as [Float]))
    small.append("y", NumericArray([] as [Double], shape: [0, 3]))
    try fuzz(
      seeds: [readWholeFile(reference("mixed.safetensors")), small.encoded(), SafetensorsFile().encoded()],
      words: ["\"F64\"", "\"shape\":", "\"data_offsets\":[0,0]", "\"__metadata__\"", "{", "}", "[", "]", ",", "\\u0041"]
    ) { bytes throws in
      let file = try SafetensorsFile(bytes: bytes, path: "p")
      var size = 0
      for name in file.names { size += (try? Self.size(file.array(name))) ?? 0 }
      #expect(try SafetensorsFile(bytes: file.encoded(), path: "p").entries == file.entries)
      return size
    }
  }

  @Test func off() throws {
    let texts = ["CNOFF 1 0 0\n1 2 3 0 0 1 255 0 0 255", "OFF4 2\n0 0 0\n1 0 0\n1 1 0\n0 1 0 # last\n4 0 1 2 3 9 9\n2 0 1"]
    try fuzz(
      seeds: texts.map { Array($0.utf8) } + [pyramid.encoded(as: .off), readWholeFile(reference("pyramid_trimesh.off"))],
      words: ["OFF", "BINARY", "#", "\n", "\r", " 3 0 1 2\n", "nan", "-1"]
    ) { bytes throws in
      try Self.size(GeometryFile(bytes: bytes, as: .off, path: "p"))
    }
  }

  @Test(arguments: ["ascii", "little", "big"]) func ply(encoding: String) throws {
    let words = [
      "format ascii 1.0\n", "format binary_little_endian 1.0\n", "element vertex 9\n", "element x 1000000000000\n", "property uchar u\n",
      "property list uint double l\n", "property list uchar int vertex_indices\n", "end_header\n", "\n", "nan ", "-1 ",
    ]
    try fuzz(
      seeds: [readWholeFile(reference("pyramid_\(encoding).ply")), readWholeFile(reference("pyramid_trimesh.ply"))], words: words
    ) { bytes throws in
      try Self.size(GeometryFile(bytes: bytes, as: .ply(.ascii), path: "p"))
    }
  }

  /// Text without counts: no end of it is too early, so that nothing is `truncated`.
  @Test func xyz() throws {
    let texts = ["# scan\n1 2 3\n-0.5,1e5;7\r\n", "1 2 3 0 0 1\n4 5 6 1 0 0\n"]
    try fuzz(seeds: texts.map { Array($0.utf8) }, words: ["nan", "inf", "e", ".", "#", "\n", " 1 2 3\n", ","], kinds: [.malformed]) {
      bytes throws in
      try Self.size(GeometryFile(bytes: bytes, as: .xyz, path: "p"))
    }
  }

  @Test func npyPoints() throws {
    try fuzz(seeds: [pyramid.encoded(as: .npy), GeometryFile(points: [0.1, 2, 3]).encoded(as: .npy)], words: ["3", "6", "'<f8'", "True"]) {
      bytes throws in
      try Self.size(GeometryFile(bytes: bytes, as: .npy, path: "p"))
    }
  }

  private static func size(_ file: GeometryFile) -> Int {
    8 * (file.points.count + (file.normals?.count ?? 0)) + 4 * file.triangles.count
  }

  @Test func graph6() throws {
    let texts = [
      ">>graph6<<IheA@GUAo\nCh\n?\nB?\n", ":I`ES@obGkqegW~\n:S_`abcdefghijklmnop_Q\nChh\n",
      "~?@C" + String(repeating: "?", count: 380) + "\nCh\n",
    ]
    try fuzz(seeds: texts.map { Array($0.utf8) }, words: ["\n", ":", "~", "~~", "?", "@", "A", ">>sparse6<<", "~?@"]) { bytes throws in
      let graphs = try Graph6.parse(bytes, path: "p")
      for graph in graphs where graph.nodeCount < 1000 {
        #expect(try Graph6.parse(Array(graph.encoded.utf8), path: "p") == [graph])
      }
      return graphs.reduce(0) { $0 + $1.edges.count * MemoryLayout<(Int, Int)>.stride }
    }
  }

  /// All files of a data set in one, with lines of % between them.
  @Test func tu() throws {
    let order: [TUPart] = [.graphIndicator, .adjacency, .graphLabels, .nodeLabels, .edgeLabels, .nodeAttributes, .graphAttributes]
    let whole = order.map { TUDatasetTests.texts[$0]! }.joined(separator: "%")
    let bare = "1\n1\n2\n%1, 2\n2, 1\n%0\n1\n"
    try fuzz(
      seeds: [whole, bare].map { Array($0.utf8) }, words: ["%", "\n", "1, 2\n2, 1\n", "3", "-1", "#", "0.5"], kinds: [.malformed]
    ) { bytes throws in
      var texts = bytes.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
      while texts.count < 3 { texts.append([]) }
      let parts = Dictionary(uniqueKeysWithValues: zip(order, texts).map { ($0, FileBytes($1, path: "p")) })
      let data = try TUDataset(name: "p", parts: parts)
      #expect(data.edgeCounts.reduce(0, +) == data.edges.count && data.edgeLabels?.count ?? data.edges.count == data.edges.count)
      let values = data.nodeCounts.count + 2 * data.edges.count + (data.nodeLabels?.values.count ?? 0)
      return 8 * (values + (data.nodeAttributes?.values.count ?? 0) + (data.graphAttributes?.values.count ?? 0))
    }
  }

  private static let texts = [
    #"{"a":[1,-2.5e3,true,false,null],"b":{"c":"é\u00e9\ud83d\ude00\n"},"d":""}"#, "[[[[]]],{},0.1,1e-300,12345678901234567890]",
    "{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"loss\":null}\n",
  ].map { Array($0.utf8) }

  private static let words = ["\\u", "\\ud800", "\\", "\"", "[", "]", "{", "}", ":", ",", "null", "1e", "[[[[[[[[[[[[[[[[", "\n"]

  @Test func json() throws {
    try fuzz(seeds: Self.texts, words: Self.words) { bytes throws in
      let value = try JSONValue(parsing: bytes, path: "p")
      #expect(try JSONValue(parsing: value.serialized()) == value)
      return Self.size(value)
    }
  }

  @Test func jsonLines() throws {
    try fuzz(seeds: Self.texts, words: Self.words) { bytes throws in
      let values = try? parseJSONLines(bytes, path: "p")
      let tolerant = try parseJSONLines(bytes, path: "p", toleratingTornLastLine: true)
      if let values { #expect(values == tolerant) }
      return tolerant.reduce(0) { $0 + Self.size($1) }
    }
  }

  /// A reader that trusts a length is found out.
  @Test func trustingReaderIsRejected() throws {
    try withKnownIssue {
      try fuzz(seeds: [[4, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]], words: ["x"], isSlow: false) { bytes throws in
        let file = FileBytes(bytes[...], path: "p")
        return try file.length(UInt64.self, at: 0, of: "the length")
      }
    } matching: { issue in
      issue.comments.contains { $0.rawValue.contains("became") }
    }
  }

  /// Runs the reader on damaged files; it returns the size of what it read. Of the valid files all must be read but those that are
  /// not supported; of the damaged ones some and not all.
  private func fuzz(
    seeds: [[UInt8]], words: [String], compression: Int = 1, kinds expected: Set<FileFormatError.Kind> = [.malformed, .truncated],
    isSlow: Bool = Self.isSlow, sourceLocation: SourceLocation = #_sourceLocation, read: ([UInt8]) throws -> Int
  ) throws {
    for bytes in seeds {
      do {
        _ = try read(bytes)
      } catch let error as FileFormatError {
        #expect([.unsupported, .malformed].contains(error.kind), "\(error)", sourceLocation: sourceLocation)
      }
    }
    var mutator = Mutator(seed: 7, seeds: seeds, words: words)
    var kinds: [FileFormatError.Kind: Int] = [:]
    var successes = 0
    var excess: String?
    let peak = virtualMemoryPeak()
    let clock = ContinuousClock()
    let start = clock.now
    var round = 0
    while round < 4000 || (isSlow && clock.now - start < .seconds(60)) {
      round += 1
      let bytes = mutator.next()
      do {
        let size = try read(bytes)
        successes += 1
        if size > Self.bound(bytes.count) * compression && excess == nil {
          excess = "\(bytes.count) bytes became \(size): \(Data(bytes).base64EncodedString())"
        }
      } catch let error as FileFormatError {
        kinds[error.kind, default: 0] += 1
      }
    }
    if let excess { Issue.record("\(excess)", sourceLocation: sourceLocation) }
    if isSlow { print("fuzz: \(round) rounds, \(successes) read, \(kinds)") }
    #expect(successes > round / 200, "\(successes) of \(round) read", sourceLocation: sourceLocation)
    #expect(kinds.values.reduce(0, +) > round / 10, "\(kinds)", sourceLocation: sourceLocation)
    #expect(expected.isSubset(of: kinds.keys), "\(kinds)", sourceLocation: sourceLocation)
    // Other tests run beside this one: only the gigabytes of a trusted length field would show.
    #expect(virtualMemoryPeak() - peak < 8 << 30, sourceLocation: sourceLocation)
  }

  private static func readAll(_ archive: NumericArchive) throws -> Int {
    var size = 0
    var failure: (any Error)?
    for name in archive.names {
      do { size += Self.size(try archive.array(name)) } catch { failure = error }
    }
    if let failure { throw failure }
    return size
  }

  private static func size(_ array: NumericArray) -> Int { array.count * array.elements.elementSize }

  private static func size(_ value: JSONValue) -> Int {
    let own = MemoryLayout<JSONValue>.stride
    switch value {
    case .string(let text): return own + text.utf8.count
    case .array(let values): return values.reduce(own + 32) { $0 + size($1) }
    case .object(let object): return object.members.reduce(own + 32) { $0 + size($1.value) + $1.key.utf8.count + 16 }
    default: return own
    }
  }
}

/// A reference to a value, for one thread.
private final class Reference<Value> {
  var value: Value
  init(_ value: Value) { self.value = value }
}

/// The most address space this process has had, in bytes; 0 where the system does not tell.
private func virtualMemoryPeak() -> Int {
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmPeak:") }),
    let kilobytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) })
  else { return 0 }
  return kilobytes << 10
}
