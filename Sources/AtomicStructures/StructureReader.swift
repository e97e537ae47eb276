import FileFormats
import Foundation

/// The structures of a file, whichever of the formats it has, one after the other.
public final class StructureReader: Sequence, IteratorProtocol {
  /// The formats that are read.
  public enum Format: String, Sendable, CaseIterable {
    /// Extended or plain XYZ, ``ExtendedXYZReader``.
    case extendedXYZ = "xyz"
    /// POSCAR or CONTCAR, ``POSCARFile``.
    case poscar
    /// MD17 or rMD17, ``MD17Archive``.
    case md17 = "npz"

    /// In words.
    public var title: String {
      switch self {
      case .extendedXYZ: "extended XYZ"
      case .poscar: "POSCAR"
      case .md17: "NumPy arrays of MD17"
      }
    }
  }

  private enum Source {
    case extendedXYZ(ExtendedXYZReader)
    case single(AtomicStructure)
    case archive(MD17Archive)
  }

  /// The file, as errors call it.
  public let path: String
  /// The format that the file has.
  public let format: Format
  /// What the file has and the structures do not, and units that are not eV and Å.
  public let notes: [String]
  /// The structures read so far.
  public private(set) var frameCount = 0
  /// How many there are, where that is known before reading.
  public let totalCount: Int?
  private let source: Source

  /// Opens a file; "-" is the standard input.
  /// - Parameters:
  ///   - path: the file.
  ///   - format: by the name (.npz, POSCAR, CONTCAR, .vasp, .xyz, .extxyz) or, for other names, by the first line where it is nil: a number
  ///     of atoms begins a file of XYZ.
  /// - Throws: `FileFormatError` for a file that cannot be read; the whole of a file that is not one of XYZ is read at once.
  public init(contentsOf path: String, format: Format? = nil) throws(FileFormatError) {
    let named = format ?? Self.format(named: path)
    if named == .md17 {
      let archive = try MD17Archive(contentsOf: path)
      let units = "energies in \(archive.energyUnit.rawValue) and lengths in \(archive.lengthUnit.rawValue) are brought to eV and A"
      (self.path, self.format, notes, totalCount, source) = (path, .md17, [units], archive.count, .archive(archive))
      return
    }
    let lines = try LineReader(path)
    self.path = lines.path
    var found = named ?? .extendedXYZ
    if named == nil, let first = try lines.next() {
      let word = trimmed(first)
      let isXYZ = word.isEmpty || NumberParser.integer(word) != nil || word.starts(with: [0x1F, 0x8B])
      found = isXYZ ? .extendedXYZ : .poscar
      lines.takeBack()
    }
    self.format = found
    if found == .poscar {
      let file = try POSCARFile(lines)
      (notes, totalCount, source) = (file.notes, 1, .single(file.structure))
    } else {
      (notes, totalCount, source) = ([], nil, .extendedXYZ(ExtendedXYZReader(lines)))
    }
  }

  private static func format(named path: String) -> Format? {
    let name = (path as NSString).lastPathComponent.lowercased()
    if name.hasSuffix(".npz") { return .md17 }
    if name.hasSuffix(".xyz") || name.hasSuffix(".extxyz") { return .extendedXYZ }
    if name.hasPrefix("poscar") || name.hasPrefix("contcar") || name.hasSuffix(".vasp") || name.hasSuffix(".poscar") { return .poscar }
    return nil
  }

  /// The next structure or what is wrong with it; nil after the last one and after an error.
  public func next() -> Result<AtomicStructure, FileFormatError>? {
    do throws(FileFormatError) { return try read().map { .success($0) } } catch { return .failure(error) }
  }

  /// The next structure, nil after the last one.
  /// - Throws: the errors of ``ExtendedXYZReader/read()``.
  public func read() throws(FileFormatError) -> AtomicStructure? {
    let structure: AtomicStructure?
    switch source {
    case .extendedXYZ(let reader): structure = try reader.read()
    case .single(let only): structure = frameCount == 0 ? only : nil
    case .archive(let archive): structure = frameCount < archive.count ? archive[frameCount] : nil
    }
    if structure != nil { frameCount += 1 }
    return structure
  }
}
