import FileFormats

/// Which frames of a trajectory are given and to be predicted.
public struct NBodyFrames: Sendable, Equatable {
  /// The frame that is given.
  public let input: Int
  /// The frame that is to be predicted, a later one.
  public let target: Int

  /// The frames of the published tables: 30 and 40.
  public static let published = NBodyFrames(input: 30, target: 40)

  /// Two frames, counted as ``NBodySampling`` does.
  public init(input: Int, target: Int) { (self.input, self.target) = (input, target) }
}

/// A file of n-body samples: trajectories as `nbody simulate` writes them, or the splits of the published layout.
///
/// | layout | arrays |
/// |---|---|
/// | trajectories | `positions` and `velocities` [trajectory, frame, body, 3], `charges` [trajectory, body], `edges` [trajectory, body, body], `frames` [frame] |
/// | splits | `<split>_x0`, `_v0`, `_x1` [sample, 3, body], `_charges` [sample, body] and, optionally, `_edges` [sample, body, body]; split is train, valid or test |
///
/// The first eight tenths of the trajectories are the training set, the next tenth is for validation and the last for tests.
public struct NBodyFile: Sendable {
  /// The largest magnitude of a coordinate, a velocity, a charge or an edge: 10⁶. Published systems stay below 10³.
  public static let limit: Float = 1e6

  private let archive: NumericArchive
  /// Whether the file holds trajectories rather than splits.
  public let holdsTrajectories: Bool

  /// Opens a file.
  /// - Throws: `FileFormatError` for a file that is missing, unreadable or of neither layout.
  public init(contentsOf path: String) throws(FileFormatError) {
    archive = try NumericArchive(contentsOf: path)
    holdsTrajectories = archive.contains("positions")
    guard holdsTrajectories || ["train", "valid", "test"].contains(where: { archive.contains("\($0)_x0") }) else {
      throw FileFormatError(
        .notFound, path: path, cause: "there are the arrays \(archive.names.joined(separator: ", ")), neither positions nor <split>_x0",
        cure:
          "give trajectories as `nbody simulate` writes them, or arrays <split>_x0, _v0, _x1 and _charges with train, valid or test for <split>"
      )
    }
  }

  /// Whether there are samples of this split: `train`, `valid` or `test`.
  public func contains(_ split: String) -> Bool { holdsTrajectories || archive.contains("\(split)_x0") }

  /// The samples of a split, or with nil all trajectories. Splits of the published layout have their frames already.
  /// - Parameters:
  ///   - split: `train`, `valid` or `test`; nil takes all trajectories, or else `test`.
  ///   - frames: which frames of trajectories are given and to be predicted.
  ///   - requiresEdges: whether charges do not tell which bodies are joined, as for springs.
  /// - Throws: `FileFormatError` for arrays that are missing or of other shapes, numbers beyond ``limit``, and trajectories without one of
  ///   the frames. It names the array, and the sample and the body.
  public func samples(_ split: String?, frames: NBodyFrames, requiresEdges: Bool) throws(FileFormatError) -> NBodySplit<Float> {
    holdsTrajectories
      ? try trajectories(split, frames, requiresEdges: requiresEdges) : try published(split ?? "test", requiresEdges: requiresEdges)
  }

  fileprivate func failure(_ entry: String, _ cause: String, _ cure: String = "make all arrays from the same samples") -> FileFormatError {
    FileFormatError(.malformed, path: archive.path, place: .init(entry: entry), cause: cause, cure: cure)
  }

  /// Finite numbers of an array, of which there must be as many as the shape has.
  private func numbers(_ entry: String, _ shape: [Int]) throws(FileFormatError) -> [Float] {
    let array = try archive.array(entry)
    let count = shape.reduce(1, *)
    guard array.count == count else {
      throw failure(entry, "\(count) numbers of the shape \(shape) are expected, there are \(array.count)")
    }
    let values: [Double]
    do { values = try array.doubles() } catch { throw failure(entry, error.cause, error.cure) }
    if let place = values.firstIndex(where: { !($0.magnitude <= Double(Self.limit)) }) {
      var (rest, index) = (place, [Int]())
      for extent in shape.reversed() {
        index.insert(rest % extent, at: 0)
        rest /= extent
      }
      throw failure(
        entry, "number \(index) is \(values[place]), a finite one of magnitude up to \(Self.limit) is expected",
        "leave out the sample (the first of these), or measure in other units")
    }
    return values.map { Float($0) }
  }

  private func edges(_ entry: String, _ shape: [Int], requiresEdges: Bool) throws(FileFormatError) -> [Float]? {
    if archive.contains(entry) { return try numbers(entry, shape) }
    guard !requiresEdges else {
      throw failure(
        entry, "there is no such array, and charges do not tell which bodies springs join", "give edges [sample, body, body]")
    }
    return nil
  }

  private func published(_ split: String, requiresEdges: Bool) throws(FileFormatError) -> NBodySplit<Float> {
    let shape = try archive.array("\(split)_x0").shape
    guard shape.count == 3, shape[0] > 0, shape[1] == 3, shape[2] > 1 else {
      throw failure(
        "\(split)_x0", "the shape [sample, 3, body] with samples and at least two bodies is expected, it is \(shape)", "transpose the array"
      )
    }
    let (count, bodies) = (shape[0], shape[2])
    func coordinates(_ name: String) throws(FileFormatError) -> [Float] {
      let entry = "\(split)_\(name)"
      let found = try archive.array(entry).shape
      guard found == shape else { throw failure(entry, "the shape \(shape) is expected, it is \(found)") }
      let values = try numbers(entry, shape)
      return values.indices.map { k in
        let (s, rest) = (k / (3 * bodies), k % (3 * bodies))
        return values[s * 3 * bodies + (rest % 3) * bodies + rest / 3]
      }
    }
    return NBodySplit(
      bodies: bodies, charges: try numbers("\(split)_charges", [count, bodies]),
      edges: try edges("\(split)_edges", [count, bodies, bodies], requiresEdges: requiresEdges), positions0: try coordinates("x0"),
      velocities0: try coordinates("v0"), positions1: try coordinates("x1"))
  }

  private func trajectories(_ split: String?, _ chosen: NBodyFrames, requiresEdges: Bool) throws(FileFormatError) -> NBodySplit<Float> {
    let shape = try archive.array("positions").shape
    guard shape.count == 4, shape[0] > 0, shape[1] > 0, shape[2] > 1, shape[3] == 3 else {
      throw failure(
        "positions", "the shape [trajectory, frame, body, 3] with trajectories, frames and at least two bodies is expected, it is \(shape)",
        "transpose the array")
    }
    let (count, bodies) = (shape[0], shape[2])
    let frames = try archive.ints("frames")
    guard frames.count == shape[1] else { throw failure("frames", "\(shape[1]) frames are expected, there are \(frames.count)") }
    var places: [Int] = []
    for frame in [chosen.input, chosen.target] {
      guard let place = frames.firstIndex(of: frame) else {
        let shown = frames.prefix(10).map(String.init).joined(separator: ", ") + (frames.count > 10 ? ", ..." : "")
        throw failure(
          "frames", "frame \(frame) is expected, there are \(shown)",
          "simulate with --frames \(chosen.input),\(chosen.target), or with all frames")
      }
      places.append(place)
    }
    let part: Range<Int> =
      switch split {
      case "train": 0..<count * 8 / 10
      case "valid": count * 8 / 10..<count * 9 / 10
      case "test": count * 9 / 10..<count
      default: 0..<count
      }
    guard !part.isEmpty else {
      throw failure("positions", "\(count) trajectories leave none for \(split ?? "it")", "simulate at least 10")
    }
    guard try archive.array("velocities").shape == shape else { throw failure("velocities", "the shape \(shape) is expected") }
    let (positions, velocities) = (try numbers("positions", shape), try numbers("velocities", shape))
    let size = 3 * bodies
    func frame(_ values: [Float], _ place: Int) -> [Float] {
      part.flatMap { trajectory in
        let start = (trajectory * frames.count + place) * size
        return values[start..<start + size]
      }
    }
    let charges = try numbers("charges", [count, bodies])
    let edges = try edges("edges", [count, bodies, bodies], requiresEdges: requiresEdges)
    return NBodySplit(
      bodies: bodies, charges: Array(charges[part.lowerBound * bodies..<part.upperBound * bodies]),
      edges: edges.map { Array($0[part.lowerBound * bodies * bodies..<part.upperBound * bodies * bodies]) },
      positions0: frame(positions, places[0]), velocities0: frame(velocities, places[0]), positions1: frame(positions, places[1]),
      velocities1: frame(velocities, places[1]))
  }
}

extension NBodySplit {
  /// The first samples.
  public func prefix(_ count: Int) -> NBodySplit {
    let n = min(count, self.count)
    return NBodySplit(
      bodies: bodies, charges: Array(charges[..<(n * bodies)]), edges: Array(edges[..<(n * bodies * bodies)]),
      positions0: Array(positions0[..<(3 * n * bodies)]), velocities0: Array(velocities0[..<(3 * n * bodies)]),
      positions1: Array(positions1[..<(3 * n * bodies)]), velocities1: Array(velocities1[..<(3 * n * bodies)]))
  }
}

extension NBodyDataset where Scalar == Float {
  /// The three splits of a file, with the first `trainCount` samples of the training set.
  /// - Throws: the errors of ``NBodyFile/samples(_:frames:requiresEdges:)``, and an error of kind `malformed` for splits of different
  ///   numbers of bodies.
  public init(_ file: NBodyFile, trainCount: Int = .max, frames: NBodyFrames, requiresEdges: Bool) throws(FileFormatError) {
    train = try file.samples("train", frames: frames, requiresEdges: requiresEdges).prefix(trainCount)
    valid = try file.samples("valid", frames: frames, requiresEdges: requiresEdges)
    test = try file.samples("test", frames: frames, requiresEdges: requiresEdges)
    for (name, split) in [("valid", valid), ("test", test)] where split.bodies != train.bodies {
      throw file.failure("\(name)_x0", "\(train.bodies) bodies are expected as in train_x0, there are \(split.bodies)")
    }
  }
}
