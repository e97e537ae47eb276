import FileFormats

/// Damages what files say, not how they say it: valid containers with values, shapes and names that nobody expects. A checksum or a header
/// stops most damage of bytes; this reaches what lies behind the readers.
package struct ValueMutator {
  package var generator: SplitMix

  package init(seed: UInt64) { generator = SplitMix(seed: seed) }

  private static let extremes = [
    0, -0.0, 1, -1, 2, 0.5, Double(bitPattern: 2000), 1e-170, 1e-44, 1e-25, 1e8, 1e20, -1e30, 3.5e38, 1e155, -1e308, Double.nan, .infinity,
    -.infinity,
    9_007_199_254_740_992, 9.3e18, -9.3e18, 255, 65536, 4_294_967_296,
  ]
  private static let whole = [
    0, 1, -1, 2, 7, 127, 255, 65536, Int(Int32.max), Int(Int32.max) + 1, Int(Int32.min), 1 << 53, 1 << 53 + 1, Int.max, Int.min,
    Int.max - 1,
  ]

  /// An .npz archive with one to three of its arrays changed.
  package mutating func npz(_ bytes: [UInt8]) -> [UInt8] {
    guard let archive = try? NumericArchive(bytes: bytes, path: "seed") else { return bytes }
    var arrays = archive.names.compactMap { name in (try? archive.array(name)).map { (name: name, array: $0) } }
    for _ in 0..<Int.random(in: 1...3, using: &generator) where !arrays.isEmpty {
      let k = Int.random(in: arrays.indices, using: &generator)
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: arrays.remove(at: k)
      case 1:
        let other = Int.random(in: arrays.indices, using: &generator)
        (arrays[k].name, arrays[other].name) = (arrays[other].name, arrays[k].name)
      default: arrays[k].array = changed(arrays[k].array)
      }
    }
    return (try? NumericArchive.encode(arrays)) ?? bytes
  }

  /// A safetensors file with its metadata or one to three of its tensors changed.
  package mutating func safetensors(_ bytes: [UInt8]) -> [UInt8] {
    guard let file = try? SafetensorsFile(bytes: bytes, path: "seed") else { return bytes }
    var metadata = file.metadata
    if Bool.random(using: &generator), let key = metadata.keys.sorted().randomElement(using: &generator) {
      var text = Mutator(
        seed: generator.next(), seeds: [Array(metadata[key]!.utf8)], words: ["null", "[]", "{}", "\"\"", "-1", ",", "true"])
      metadata[key] = String(decoding: text.next(), as: UTF8.self)
    }
    var result = SafetensorsFile(metadata: metadata)
    let chosen = Set(
      (0..<Int.random(in: 0...3, using: &generator)).map { _ in Int.random(in: 0..<max(1, file.names.count), using: &generator) })
    for (k, entry) in file.entries.enumerated() {
      guard chosen.contains(k), let array = try? file.array(entry.name) else {
        result.append(entry.name, dtype: entry.dtype, shape: entry.shape, data: Array(entry.data))
        continue
      }
      if Int.random(in: 0..<5, using: &generator) > 0 { result.append(entry.name, changed(array)) }
    }
    return result.encoded()
  }

  /// Other values, another shape or another type.
  private mutating func changed(_ array: NumericArray) -> NumericArray {
    var shape = array.shape
    if Int.random(in: 0..<6, using: &generator) == 0 { shape = reshaped(shape) }
    let count = shape.reduce(1, *)
    func filled<T>(_ values: [T], with value: T) -> [T] { (0..<count).map { values.isEmpty ? value : values[$0 % values.count] } }
    if let values = try? array.ints(), Bool.random(using: &generator) {
      var whole = filled(values, with: 0)
      for _ in 0..<Int.random(in: 1...3, using: &generator) where count > 0 {
        whole[Int.random(in: 0..<count, using: &generator)] = Self.whole.randomElement(using: &generator)!
      }
      return NumericArray(whole, shape: shape)
    }
    guard let values = try? array.doubles() else { return array }
    var numbers = filled(values, with: 0)
    if Int.random(in: 0..<4, using: &generator) == 0 {
      let factor = Self.extremes.randomElement(using: &generator)!
      for k in numbers.indices { numbers[k] *= factor }
    } else {
      for _ in 0..<Int.random(in: 1...3, using: &generator) where count > 0 {
        numbers[Int.random(in: 0..<count, using: &generator)] = Self.extremes.randomElement(using: &generator)!
      }
    }
    if Bool.random(using: &generator) { return NumericArray(numbers, shape: shape) }
    return NumericArray(numbers.map { Float($0) }, shape: shape)
  }

  private mutating func reshaped(_ shape: [Int]) -> [Int] {
    var shape = shape
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: shape = [shape.reduce(1, *)]
    case 1: shape.append(1)
    case 2: if !shape.isEmpty { shape[Int.random(in: shape.indices, using: &generator)] = Int.random(in: 0...3, using: &generator) }
    default: shape.reverse()
    }
    return shape
  }
}
