import FileFormats
import Foundation

/// Up to six digits.
func shown(_ number: Double) -> String { String(format: "%.6g", number) }

extension DatasetSurvey {
  /// The survey in lines for a reader.
  public var report: [String] {
    var lines: [String] = []
    let range =
      atomRange.lowest == atomRange.highest ? "\(Int(atomRange.lowest))" : "\(shown(atomRange.lowest)) to \(shown(atomRange.highest))"
    let atoms = range == "1" ? "1 atom" : "\(range) atoms"
    lines.append("\(frameCount) frame\(frameCount == 1 ? "" : "s")" + (frameCount > 0 ? " of \(atoms), \(atomCount) in all" : ""))
    let symbols = elements.keys.sorted().map { z in
      "\(ChemicalElement(atomicNumber: z)?.symbol ?? "\(z)") \(elements[z]!.atoms) in \(elements[z]!.frames)"
    }
    if !symbols.isEmpty { lines.append("elements (atoms in frames): " + symbols.joined(separator: ", ")) }
    let kinds = ["no axis", "one axis", "two axes", "three axes"]
    let cells = (0..<4).filter { periodicity[$0] > 0 }.map { "\(periodicity[$0]) along \(kinds[$0])" }
    if !cells.isEmpty { lines.append("frames that repeat: " + cells.joined(separator: ", ")) }
    if volume.lowest <= volume.highest { lines.append("volumes: \(shown(volume.lowest)) to \(shown(volume.highest)) A^3") }
    if let keys = try? labelKeys() {
      lines.append("learnt from:")
      for kind in LabelKind.allCases {
        guard let key = keys.keys[kind], let candidate = candidates.first(where: { $0.key == key && $0.kind == kind }) else { continue }
        lines.append("  " + candidate.line(options, frames: frameCount))
      }
    } else if !candidates.isEmpty {
      lines.append("might be learnt from:")
      lines += candidates.map { "  " + $0.line(options, frames: frameCount) }
    }
    let used = Set(candidates.map(\.key))
    let others = properties.filter { !used.contains($0.name) }.prefix(40).map {
      "\($0.name)\($0.ofAtoms ? " (of atoms)" : "") in \($0.frames)"
    }
    if !others.isEmpty { lines.append("other properties: " + others.joined(separator: ", ")) }
    return lines + warnings.map { "warning: \($0)" }
  }

  /// The survey as a JSON object.
  public var json: JSONValue {
    var object: JSONObject = ["frames": .integer(frameCount), "atoms": .integer(atomCount)]
    var counts = JSONObject()
    for z in elements.keys.sorted() {
      counts[ChemicalElement(atomicNumber: z)?.symbol ?? "\(z)"] = [
        "atoms": .integer(elements[z]!.atoms), "frames": .integer(elements[z]!.frames),
      ]
    }
    object["elements"] = .object(counts)
    object["periodic_axes"] = .array(periodicity.map { .integer($0) })
    object["volume"] = volume.json
    let chosen = (try? labelKeys())?.keys
    object["labels"] = .array(
      candidates.map { candidate in
        let isUsed: JSONValue = chosen.map { .bool($0[candidate.kind] == candidate.key) } ?? .null
        return [
          "kind": .string(candidate.kind.rawValue), "key": .string(candidate.key), "used": isUsed,
          "unit": .string(options.unit(candidate.kind)),
          "frames": .integer(candidate.frames), "not_finite": .integer(candidate.notFinite), "asymmetric": .integer(candidate.asymmetric),
          "range": candidate.range.json, "range_per_atom": candidate.perAtom.json, "largest_net_force": .number(candidate.netForce),
        ]
      })
    object["properties"] = .array(
      properties.map { ["name": .string($0.name), "of": .string($0.ofAtoms ? "atoms" : "frame"), "frames": .integer($0.frames)] })
    object["warnings"] = .array(warnings.map { .string($0) })
    do throws(LabelError) {
      _ = try labelKeys()
      object["error"] = .null
    } catch {
      object["error"] = .string(error.description)
    }
    return .object(object)
  }
}

extension DatasetSurvey.Range {
  var json: JSONValue { lowest <= highest ? .array([.number(lowest), .number(highest)]) : .null }
}

extension DatasetSurvey.Candidate {
  /// Key, unit, frames and range.
  func line(_ options: LabelOptions, frames count: Int) -> String {
    var text = "\(kind.rawValue): \"\(key)\" in \(options.unit(kind)), \(frames) of \(count) frame\(count == 1 ? "" : "s")"
    if notFinite > 0 { text += ", \(notFinite) infinite or not a number" }
    if asymmetric > 0 { text += ", \(asymmetric) not symmetric" }
    guard frames > 0 else { return text }
    let span = "\(shown(range.lowest)) to \(shown(range.highest))"
    switch kind {
    case .energy:
      text +=
        ", \(span) eV" + (perAtom.lowest <= perAtom.highest ? " (\(shown(perAtom.lowest)) to \(shown(perAtom.highest)) eV an atom)" : "")
    case .forces: text += ", components \(span) eV/A, sums up to \(shown(netForce)) eV/A"
    case .stress: text += ", \(span) eV/A^3 (\(shown(160.2176634 * range.lowest)) to \(shown(160.2176634 * range.highest)) GPa)"
    case .virial: text += ", \(span) eV"
    }
    return text
  }
}
