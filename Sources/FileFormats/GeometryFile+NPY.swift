extension GeometryFile {
  /// Reads an array of shape [points, 3], or [points, 6] with normals or colours.
  init(npy file: FileBytes, _ lastColumns: LastColumns) throws(FileFormatError) {
    let array = try NumericArray(npy: file)
    guard array.shape.count == 2, array.shape[0] > 0, array.shape[1] == 3 || array.shape[1] == 6 else {
      throw file.failure(
        .malformed, at: 0, "an array of shape [points, 3] or [points, 6] with at least one point is expected, its shape is \(array.shape)",
        cure: "reshape the array")
    }
    let values: [Double]
    do { values = try array.doubles() } catch {
      throw file.failure(error.kind, "the coordinates cannot be read: \(error.cause)", cure: "store them as float64")
    }
    if let element = values.firstIndex(where: { !Self.accepts($0) }) {
      throw file.failure(
        .malformed, at: file.count - (values.count - element) * array.elements.elementSize,
        "a finite number of magnitude up to \(Self.coordinateLimit) is expected, coordinate \(element % array.shape[1]) of point "
          + "\(element / array.shape[1]) is \(values[element])", cure: Self.coordinateCure)
    }
    if array.shape[1] == 3 {
      self.init(points: values)
    } else {
      let starts = stride(from: 0, to: values.count, by: 6)
      let others = starts.flatMap { values[$0 + 3..<$0 + 6] }
      if lastColumns == .told, !Self.areNormals(others) {
        let (row, cause) = Self.doubt(others)
        throw file.failure(
          .malformed, "row \(row): \(cause)", cure: "divide normals by their lengths; leave three columns where they are none")
      }
      self.init(points: starts.flatMap { values[$0..<$0 + 3] }, normals: lastColumns == .ignored ? nil : others)
    }
  }

  func encodedNPY() -> [UInt8] {
    var values = points
    if let normals {
      values = stride(from: 0, to: points.count, by: 3).flatMap { points[$0..<$0 + 3] + normals[$0..<$0 + 3] }
    }
    let shape = [count, normals == nil ? 3 : 6]
    let array = isSinglePrecision ? NumericArray(values.map { Float($0) }, shape: shape) : NumericArray(values, shape: shape)
    return array.npyBytes()
  }
}
