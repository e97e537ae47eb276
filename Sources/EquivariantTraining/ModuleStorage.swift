import DifferentiableTensors
import FileFormats
import NeuralModules

extension Module {
  /// Adds every tensor to a safetensors file. Its name there is `prefix` followed by its path.
  public func store(in file: inout SafetensorsFile, prefix: String = "") {
    for named in namedTensors { file.append(prefix + named.path, named.tensor.numericArray) }
  }

  /// Reads every tensor from a safetensors file, in which its name is `prefix` followed by its path. The element type is converted.
  ///
  /// Throws, and changes nothing, if a tensor is missing or has another shape, or if the file has tensors under `prefix` that this module
  /// lacks.
  public mutating func load(from file: SafetensorsFile, prefix: String = "") throws(FileFormatError) {
    var loaded: [Tensor<Scalar>] = []
    var expected: Set<String> = []
    for named in namedTensors {
      let name = prefix + named.path
      expected.insert(name)
      loaded.append(try Tensor(from: file, name, shape: named.tensor.shape))
    }
    for name in file.names where name.hasPrefix(prefix) && !expected.contains(name) {
      throw FileFormatError(
        .malformed, path: file.path, place: .init(entry: name), cause: "the model has no parameter of this name",
        cure: "load it into a model of the configuration that it was saved from")
    }
    var next = 0
    forEachTensor { _, _, tensor in
      tensor = loaded[next]
      next += 1
    }
  }
}

extension Tensor {
  /// The elements as a file array.
  var numericArray: NumericArray {
    let e = elements
    if let floats = e as? [Float] { return NumericArray(floats, shape: shape.dimensions) }
    return NumericArray(e.map { Double($0) }, shape: shape.dimensions)
  }

  /// An entry of a safetensors file, which must have the given shape.
  public init(from file: SafetensorsFile, _ name: String, shape: Shape) throws(FileFormatError) {
    let entry = try file.entry(name)
    guard entry.shape == shape.dimensions else {
      throw FileFormatError(
        .malformed, path: file.path, place: .init(entry: name),
        cause: "a tensor of shape \(shape) is expected, the file has \(entry.shape)",
        cure: "load it into a model of the configuration that it was saved from")
    }
    if Scalar.self == Float.self, entry.dtype == .float32 {
      self.init(try file.floats(name) as! [Scalar], shape: shape)
    } else {
      self.init(try file.doubles(name).map { Scalar($0) }, shape: shape)
    }
  }
}
