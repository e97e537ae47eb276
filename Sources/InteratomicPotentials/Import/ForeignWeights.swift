import DifferentiableTensors
import FileFormats
import GroupTheory

/// Named arrays of a model that another program wrote. It knows which have been taken, so that none is overlooked.
struct ForeignWeights {
  let path: String
  private let names: Set<String>
  private let read: (String) throws(FileFormatError) -> NumericArray
  private var taken: Set<String> = []

  /// The arrays of a .npz or .safetensors file.
  init(contentsOf path: String) throws(FileFormatError) {
    if path.hasSuffix(".npz") {
      self.init(try NumericArchive(contentsOf: path))
    } else {
      self.init(try SafetensorsFile(contentsOf: path))
    }
  }

  /// The arrays of an archive whose names begin with a prefix, without it.
  init(_ file: NumericArchive, prefix: String = "") {
    let names = file.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    self.init(path: file.path, names: names) { name throws(FileFormatError) in try file.array(prefix + name) }
  }

  init(_ file: SafetensorsFile) {
    self.init(path: file.path, names: file.names) { name throws(FileFormatError) in try file.array(name) }
  }

  /// Arrays with the names that are given to them.
  init(path: String, _ arrays: [(name: String, array: NumericArray)]) {
    let named = Dictionary(arrays.map { ($0.name, $0.array) }, uniquingKeysWith: { first, _ in first })
    self.init(path: path, names: arrays.map(\.name)) { name throws(FileFormatError) in named[name]! }
  }

  private init(path: String, names: [String], read: @escaping (String) throws(FileFormatError) -> NumericArray) {
    (self.path, self.names, self.read) = (path, Set(names), read)
  }

  func contains(_ name: String) -> Bool { names.contains(name) }

  /// The first of these prefixes with which the name exists.
  func prefix(of name: String, among prefixes: [String]) -> String { prefixes.first { contains($0 + name) } ?? prefixes[0] }

  /// The array of a name.
  mutating func array(_ name: String) throws(FileFormatError) -> (shape: [Int], values: [Double]) {
    guard names.contains(name) else {
      throw FileFormatError(
        .notFound, path: path, place: .init(entry: name), cause: "there is no such array, which this kind of model has",
        cure: "give a file of the model that the configuration describes")
    }
    taken.insert(name)
    let array = try read(name)
    do {
      let values = try array.doubles()
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw FileFormatError(
          .malformed, path: path, place: .init(entry: name), cause: "element \(place) is \(values[place])", cure: "fetch the file again")
      }
      return (array.shape, values)
    } catch let error as FileFormatError {
      var located = error
      (located.path, located.place.entry) = (path, name)
      throw located
    } catch { fatalError("an error of a file is expected, received \(error)") }
  }

  /// The elements of an array that has `count` of them, in whatever shape.
  mutating func values(_ name: String, count: Int) throws(FileFormatError) -> [Double] {
    let (shape, values) = try array(name)
    guard values.count == count else {
      throw FileFormatError(
        .malformed, path: path, place: .init(entry: name), cause: "\(count) numbers are expected, the file has \(values.count) \(shape)",
        cure: "give a file of the model that the configuration describes")
    }
    return values
  }

  /// An array as a tensor of a shape, which its own must be but for axes of extent 1.
  mutating func tensor(_ name: String, _ shape: [Int]) throws(FileFormatError) -> Tensor<Double> {
    let (found, values) = try array(name)
    guard found.filter({ $0 != 1 }) == shape.filter({ $0 != 1 }) else {
      throw FileFormatError(
        .malformed, path: path, place: .init(entry: name), cause: "the shape \(shape) is expected, the file has \(found)",
        cure: "give a file of the model that the configuration describes")
    }
    return Tensor(values, shape: Shape(shape))
  }

  /// The one number of an array.
  mutating func number(_ name: String) throws(FileFormatError) -> Double { try values(name, count: 1)[0] }

  /// Leaves arrays aside that say nothing of what is computed.
  mutating func ignore(where isIgnored: (String) -> Bool) { taken.formUnion(names.filter(isIgnored)) }

  /// Throws where an array has not been taken: it would belong to a part of the model that is not known here.
  func finish() throws(FileFormatError) {
    var rest: String?
    for name in names.subtracting(taken).sorted() {
      if rest == nil, try read(name).count > 0 { rest = name }
    }
    guard let rest else { return }
    throw FileFormatError(
      .unsupported, path: path, place: .init(entry: rest), cause: "the array belongs to a part of a model that is not known here",
      cure: "take a model without it")
  }
}

/// The configuration of a model as another program wrote it. It knows which keys have been looked at, so that none is overlooked.
struct ForeignSettings {
  let path: String
  private let object: JSONObject
  private var seen: Set<String> = []

  init(_ object: JSONObject, path: String) { (self.object, self.path) = (object, path) }

  func error(_ key: String, _ cause: String, kind: FileFormatError.Kind = .malformed) -> FileFormatError {
    FileFormatError(kind, path: path, place: .init(entry: key), cause: cause, cure: "take a model that this reader knows")
  }

  subscript(key: String) -> JSONValue? {
    mutating get {
      seen.insert(key)
      let value = object[key]
      return value == .null ? nil : value
    }
  }

  mutating func int(_ key: String) throws(FileFormatError) -> Int {
    guard let value = self[key]?.int else { throw error(key, "a whole number is expected, the configuration has \(text(key))") }
    return value
  }

  mutating func double(_ key: String) throws(FileFormatError) -> Double {
    guard let value = self[key]?.double else { throw error(key, "a number is expected, the configuration has \(text(key))") }
    return value
  }

  mutating func string(_ key: String) throws(FileFormatError) -> String {
    guard let value = self[key]?.string else { throw error(key, "a text is expected, the configuration has \(text(key))") }
    return value
  }

  mutating func bool(_ key: String) throws(FileFormatError) -> Bool {
    guard let value = self[key]?.bool else { throw error(key, "true or false is expected, the configuration has \(text(key))") }
    return value
  }

  mutating func ints(_ key: String) throws(FileFormatError) -> [Int] {
    guard let list = self[key]?.array, case let values = list.compactMap(\.int), values.count == list.count else {
      throw error(key, "a list of whole numbers is expected, the configuration has \(text(key))")
    }
    return values
  }

  mutating func strings(_ key: String) throws(FileFormatError) -> [String] {
    guard let list = self[key]?.array, case let values = list.compactMap(\.string), values.count == list.count else {
      throw error(key, "a list of texts is expected, the configuration has \(text(key))")
    }
    return values
  }

  mutating func irreps(_ key: String) throws(FileFormatError) -> Irreps<O3> {
    let text = try string(key)
    do { return try Irreps(parsing: text) } catch let fault { throw error(key, "\(fault)") }
  }

  /// Throws unless the value of a key is one of these; one that is absent is the first.
  mutating func require(_ key: String, _ values: JSONValue...) throws(FileFormatError) {
    let value = self[key] ?? .null
    if value == .null && object[key] == nil || values.contains(value) { return }
    throw error(
      key, "\(values.map(\.description).joined(separator: " or ")) is known here, the configuration has \(value)", kind: .unsupported)
  }

  /// Leaves keys aside that say nothing of what is computed.
  mutating func ignore(_ keys: [String]) { seen.formUnion(keys) }
  mutating func ignore(where isIgnored: (String) -> Bool) { seen.formUnion(object.keys.filter(isIgnored)) }

  /// Throws where a key has not been looked at: it may change what is computed.
  func finish() throws(FileFormatError) {
    guard let rest = object.keys.first(where: { !seen.contains($0) }) else { return }
    throw error(rest, "the option is not known here, and may change what the model computes", kind: .unsupported)
  }

  private func text(_ key: String) -> String { object[key]?.description ?? "none" }
}
