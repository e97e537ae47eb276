import FileFormats
import Foundation

/// What a set of structures holds and what a potential would learn from it: taken in frame by frame, in an amount of memory that does not
/// grow with their number.
public struct DatasetSurvey: Sendable {
  /// A smallest and a largest number.
  public struct Range: Sendable, Equatable {
    /// The smallest; +∞ of nothing.
    public var lowest = Double.infinity
    /// The largest; −∞ of nothing.
    public var highest = -Double.infinity

    mutating func take(_ value: Double) {
      lowest = min(lowest, value)
      highest = max(highest, value)
    }
  }

  /// What is known of a property that may be learnt from.
  public struct Candidate: Sendable {
    /// Its name.
    public let key: String
    /// What it would be.
    public let kind: LabelKind
    /// How many frames have it, with numbers that can be learnt from.
    public internal(set) var frames = 0
    /// How many frames have it with numbers that are infinite or not a number.
    public internal(set) var notFinite = 0
    /// How many frames have it as a matrix that is not symmetric.
    public internal(set) var asymmetric = 0
    /// Energies, components of forces (eV/Å), stresses (eV/Å³) or virials (eV).
    public internal(set) var range = Range()
    /// Energies by atom, in eV.
    public internal(set) var perAtom = Range()
    /// Of forces, the largest length of their sum over atoms, in eV/Å.
    public internal(set) var netForce = 0.0
    let match: LabelKind.Match
  }

  /// Two properties of one kind that are in one frame.
  struct Pair: Sendable {
    let keys: [String]
    var frames = 0
    var differs: String?
  }

  /// Which keys and units are given.
  public let options: LabelOptions
  /// The frames taken in.
  public private(set) var frameCount = 0
  /// The atoms of all frames.
  public private(set) var atomCount = 0
  /// The fewest and the most atoms of a frame.
  public private(set) var atomRange = Range()
  /// The number of atoms of each element, and of frames that have it, by atomic number.
  public private(set) var elements: [Int: (atoms: Int, frames: Int)] = [:]
  /// The number of frames that repeat along none, one, two and three axes.
  public private(set) var periodicity = [0, 0, 0, 0]
  /// Volumes of the cells of frames that repeat along three axes, in Å³.
  public private(set) var volume = Range()
  /// Properties of frames and of atoms, with the number of frames that have them, in order of appearance.
  public private(set) var properties: [(name: String, ofAtoms: Bool, frames: Int)] = []
  /// What may be learnt from.
  public private(set) var candidates: [Candidate] = []
  /// The first frame whose stress and virial contradict each other.
  private(set) var contradiction: LabelError?
  private(set) var pairs: [Pair] = []
  private var counters: [String: Int] = [:]
  private var matches: [String: (kind: LabelKind, match: LabelKind.Match)?] = [:]
  /// Frames of each kind of trouble, and the first of them.
  private(set) var troubles: [(text: String, frames: Int, first: Int)] = []

  /// Begins with nothing.
  public init(options: LabelOptions = LabelOptions()) { self.options = options }

  /// Takes in a structure.
  public mutating func add(_ structure: AtomicStructure) {
    defer { frameCount += 1 }
    atomCount += structure.count
    atomRange.take(Double(structure.count))
    var counts: [Int: Int] = [:]
    for z in structure.atomicNumbers { counts[z, default: 0] += 1 }
    for (z, count) in counts {
      let known = elements[z] ?? (0, 0)
      elements[z] = (known.atoms + count, known.frames + 1)
    }
    let axes = structure.cell?.isPeriodic.count { $0 } ?? 0
    periodicity[axes] += 1
    if axes == 3, let cell = structure.cell { volume.take(cell.volume) }
    if structure.count == 0 { note("there are no atoms") }
    if axes == 3, structure.cell?.volume == 0 { note("the cell repeats and has no volume") }
    for mask in ["move_mask", "fixed", "selective_dynamics"] where structure.atomProperties[mask] != nil {
      note("there is a mask \"\(mask)\" of fixed atoms, which does not change what is learnt")
    }
    for (name, values) in structure.properties { take(name, ofAtoms: false, structure, values) }
    for (name, values) in structure.atomProperties { take(name, ofAtoms: true, structure, values) }
    comparePairs(structure)
    compareStress(structure)
  }

  private mutating func note(_ text: String) {
    if let k = troubles.firstIndex(where: { $0.text == text }) {
      troubles[k].frames += 1
    } else {
      troubles.append((text, 1, frameCount))
    }
  }

  private mutating func take(_ name: String, ofAtoms: Bool, _ structure: AtomicStructure, _ values: PropertyValues) {
    let id = (ofAtoms ? "a:" : "f:") + name
    if let k = counters[id] {
      properties[k].frames += 1
    } else if properties.count < 1000 {
      counters[id] = properties.count
      properties.append((name, ofAtoms, 1))
    }
    let match = match(name)
    if match == nil && !options.keys.values.contains(name) { return }
    for kind in LabelKind.allCases {
      let asked = options.keys[kind] == name
      guard asked || match?.kind == kind, (kind == .forces) == ofAtoms, let values = LabelValues(values, kind, atoms: structure.count)
      else { continue }
      let place = candidates.firstIndex { $0.key == name && $0.kind == kind } ?? candidates.count
      if place == candidates.count {
        // No file means so many.
        guard place < 100 || asked else { continue }
        candidates.append(Candidate(key: name, kind: kind, match: match?.kind == kind ? match!.match : .possible))
      }
      candidates[place].take(values, structure.count, options.factor(kind))
    }
  }

  /// What a name says; frames mostly have the same names.
  private mutating func match(_ name: String) -> (kind: LabelKind, match: LabelKind.Match)? {
    if let known = matches[name] { return known }
    let match = LabelKind.match(name)
    if matches.count < 1000 { matches[name] = .some(match) }
    return match
  }

  /// Whether two properties of one kind say the same.
  private mutating func comparePairs(_ structure: AtomicStructure) {
    for kind in LabelKind.allCases where options.keys[kind] == nil {
      let keys = candidates.filter { $0.kind == kind && $0.match == .conventional }.map(\.key)
      guard keys.count > 1 else { continue }
      for (k, a) in keys.enumerated() {
        for b in keys[(k + 1)...] {
          guard let x = LabelValues(structure, kind, a), let y = LabelValues(structure, kind, b) else { continue }
          let place = pairs.firstIndex { $0.keys == [a, b] } ?? pairs.count
          if place == pairs.count { pairs.append(Pair(keys: [a, b])) }
          pairs[place].frames += 1
          let differs = zip(x.numbers, y.numbers).first { !($0 == $1 || ($0.isNaN && $1.isNaN)) }
          if let differs, pairs[place].differs == nil { pairs[place].differs = "frame \(frameCount): \(differs.0) and \(differs.1)" }
        }
      }
    }
  }

  private mutating func compareStress(_ structure: AtomicStructure) {
    guard contradiction == nil else { return }
    var keys: [LabelKind: String] = [:]
    for kind in [LabelKind.stress, .virial] {
      let named = candidates.filter { $0.kind == kind && ($0.match == .conventional || options.keys[kind] == $0.key) }
      keys[kind] = options.keys[kind] ?? (named.count == 1 ? named[0].key : nil)
    }
    guard keys.count == 2 else { return }
    do throws(LabelError) {
      _ = try LabelKeys(keys, options: options).labels(of: structure, frame: frameCount)
    } catch {
      contradiction = error
    }
  }
}

extension DatasetSurvey.Candidate {
  init(key: String, kind: LabelKind, match: LabelKind.Match) { (self.key, self.kind, self.match) = (key, kind, match) }

  mutating func take(_ values: LabelValues, _ atoms: Int, _ factor: Double) {
    guard values.isFinite else {
      notFinite += 1
      return
    }
    guard values.isUsable else {
      asymmetric += 1
      return
    }
    frames += 1
    for number in values.numbers { range.take(number * factor) }
    if kind == .energy, atoms > 0 { perAtom.take(values.numbers[0] * factor / Double(atoms)) }
    if kind == .forces {
      var sum = SIMD3<Double>.zero
      for k in 0..<atoms { sum += SIMD3(values.numbers[3 * k], values.numbers[3 * k + 1], values.numbers[3 * k + 2]) }
      netForce = max(netForce, (sum * sum).sum().squareRoot() * factor)
    }
  }
}
