import Foundation

/// What is to be learnt of a structure, in eV and Å.
public struct StructureLabels: Sendable, Equatable {
  /// In eV.
  public var energy: Double?
  /// Of each atom in eV/Å.
  public var forces: [SIMD3<Double>]?
  /// −∂E/∂ε in eV, the rows of a symmetric matrix; from the virial, or from the stress and the volume.
  public var virial: [Double]?
  /// What the structure has and that was left out, since a number of it is infinite, not a number, or (of a stress or a virial) not
  /// symmetric.
  public var leftOut: [LabelKind] = []

  /// None.
  public init() {}

  /// ∂E/∂ε over the volume in eV/Å³: xx, yy, zz, yz, xz, xy.
  public func stress(volume: Double) -> [Double]? { virial.map { v in [0, 4, 8, 5, 2, 1].map { -v[$0] / volume } } }
}

/// The properties that a potential learns from, and their units.
public struct LabelKeys: Sendable, Equatable {
  /// The name of the property of each kind that is there.
  public var keys: [LabelKind: String]
  /// The units and signs of the file.
  public var options: LabelOptions

  /// From names and units.
  public init(_ keys: [LabelKind: String], options: LabelOptions = LabelOptions()) { (self.keys, self.options) = (keys, options) }

  /// What a structure has of them.
  ///
  /// Masks of fixed atoms do not matter: forces are taken as they are.
  /// - Parameters:
  ///   - structure: as it was read.
  ///   - frame: its number, for errors.
  /// - Throws: ``LabelError/contradiction(frame:_:)`` where stress and virial do not belong together.
  public func labels(of structure: AtomicStructure, frame: Int = 0) throws(LabelError) -> StructureLabels {
    var labels = StructureLabels()
    func finite(_ kind: LabelKind) -> [Double]? {
      guard let values = LabelValues(structure, kind, keys[kind]) else { return nil }
      guard values.isUsable else {
        labels.leftOut.append(kind)
        return nil
      }
      return values.numbers.map { $0 * options.factor(kind) }
    }
    labels.energy = finite(.energy)?[0]
    labels.forces = finite(.forces).map { f in (0..<structure.count).map { SIMD3(f[3 * $0], f[3 * $0 + 1], f[3 * $0 + 2]) } }
    let virial = finite(.virial)
    let volume = structure.cell?.volume ?? 0
    // A stress without a volume says nothing.
    let ofStress = volume > 0 ? finite(.stress).map { $0.map { -$0 * volume } } : nil
    if let virial, let ofStress { try Self.compare(virial, ofStress, frame, volume) }
    labels.virial = virial ?? ofStress
    return labels
  }

  /// Equal to the digits that files have, one in a thousand.
  private static func compare(_ virial: [Double], _ ofStress: [Double], _ frame: Int, _ volume: Double) throws(LabelError) {
    let scale = max(virial.map(\.magnitude).max()!, ofStress.map(\.magnitude).max()!)
    func differ(_ factor: Double) -> Bool { zip(virial, ofStress).contains { ($0 - factor * $1).magnitude > 2e-3 * scale + 1e-6 } }
    guard differ(1) else { return }
    let text = { (v: [Double]) in v.map { String(format: "%.4g", $0) }.joined(separator: " ") }
    let both = "the virial is (\(text(virial))) eV, and -stress x volume (\(String(format: "%.4g", volume)) A^3) is (\(text(ofStress))) eV"
    if !differ(-1) {
      throw .contradiction(
        frame: frame,
        both
          + ": one of them has the other sign; if the virial has the sign of the stress, say so by --virial-negated; if the stress is positive "
          + "under pressure, by --stress-is-pressure")
    }
    let factors = [("GPa", 160.2176634), ("kbar", 1602.176634)].filter { !differ(1 / $0.1) }
    throw .contradiction(
      frame: frame,
      both
        + (factors.isEmpty
          ? ": correct one, or leave one out" : ": the stress is in \(factors[0].0), say so by --stress-unit \(factors[0].0)"))
  }
}

/// The numbers of a property as those of a kind.
struct LabelValues {
  /// One of an energy, three of each atom, nine of a stress or a virial.
  let numbers: [Double]
  /// Whether one is infinite or not a number.
  let isFinite: Bool
  /// How far a matrix is from being symmetric, relative to its largest number.
  let asymmetry: Double

  var isUsable: Bool { isFinite && asymmetry <= 1e-3 }

  /// Nil where there is no such property, or it has another type or shape.
  init?(_ structure: AtomicStructure, _ kind: LabelKind, _ key: String?) {
    guard let key, let values = kind == .forces ? structure.atomProperties[key] : structure.properties[key] else { return nil }
    self.init(values, kind, atoms: structure.count)
  }

  /// Nil where values have another type or shape than those of a kind.
  init?(_ values: PropertyValues, _ kind: LabelKind, atoms: Int) {
    guard let numbers = values.reals else { return nil }
    isFinite = numbers.allSatisfy(\.isFinite)
    switch kind {
    case .energy:
      guard numbers.count == 1 else { return nil }
      (self.numbers, asymmetry) = (numbers, 0)
    case .forces:
      guard values.shape == [atoms, 3] else { return nil }
      (self.numbers, asymmetry) = (numbers, 0)
    case .stress, .virial:
      switch numbers.count {
      case 6:
        // Voigt's order: xx, yy, zz, yz, xz, xy.
        self.numbers = [0, 5, 4, 5, 1, 3, 4, 3, 2].map { numbers[$0] }
        asymmetry = 0
      case 9:
        let largest = numbers.map(\.magnitude).max()!
        let difference = max((numbers[1] - numbers[3]).magnitude, (numbers[2] - numbers[6]).magnitude, (numbers[5] - numbers[7]).magnitude)
        asymmetry = largest > 0 && largest.isFinite ? difference / largest : 0
        // Rows or columns: of a symmetric matrix they are the same.
        self.numbers = (0..<9).map { (k: Int) -> Double in
          let transposed = k % 3 * 3 + k / 3
          return 0.5 * (numbers[k] + numbers[transposed])
        }
      default: return nil
      }
    }
  }
}
