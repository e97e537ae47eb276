extension DatasetSurvey {
  /// What would be learnt from.
  /// - Throws: ``LabelError`` where nothing is found, where properties that may be meant differ, where there is none of a name that was
  /// asked
  ///   for, and where stress and virial contradict each other.
  public func labelKeys() throws(LabelError) -> LabelKeys {
    var keys: [LabelKind: String] = [:]
    for kind in LabelKind.allCases { keys[kind] = try key(of: kind) }
    guard !keys.isEmpty else {
      throw .nothingFound(possible: candidates.map(\.key), properties: properties.map(\.name))
    }
    guard candidates.contains(where: { $0.frames > 0 && keys[$0.kind] == $0.key }) else { throw .nothingUsable(keys.values.sorted()) }
    if let contradiction, keys[.stress] != nil, keys[.virial] != nil { throw contradiction }
    return LabelKeys(keys, options: options)
  }

  private func key(of kind: LabelKind) throws(LabelError) -> String? {
    let all = candidates.filter { $0.kind == kind }
    if let asked = options.keys[kind] {
      guard all.contains(where: { $0.key == asked }) else { throw .noSuchKey(kind, asked, properties: properties.map(\.name)) }
      return asked
    }
    let conventional = all.filter { $0.match == .conventional }
    guard conventional.count > 1 else {
      return conventional.first?.key ?? all.first { $0.match == .fallback }?.key
    }
    // The same under several names is no question; that which most frames have is taken.
    for (k, a) in conventional.enumerated() {
      for b in conventional[(k + 1)...] {
        let pair = pairs.first { $0.keys == [a.key, b.key] }
        guard let pair, pair.differs == nil else {
          throw .ambiguous(kind, conventional.map(\.key), example: pair?.differs ?? "no frame has both \(a.key) and \(b.key)")
        }
      }
    }
    return conventional.max { total($0) < total($1) }!.key
  }

  private func total(_ candidate: Candidate) -> Int { candidate.frames + candidate.notFinite + candidate.asymmetric }

  /// What one should know before learning.
  public var warnings: [String] {
    var warnings = troubles.map { "\($0.text) (\(frames($0.frames)), the first is frame \($0.first))" }
    let chosen = (try? labelKeys())?.keys ?? [:]
    for kind in LabelKind.allCases {
      guard let key = chosen[kind], let candidate = candidates.first(where: { $0.key == key && $0.kind == kind }) else { continue }
      if candidate.notFinite > 0 { warnings.append("\(key) is infinite or not a number in \(frames(candidate.notFinite)): left out") }
      if candidate.asymmetric > 0 { warnings.append("\(key) is not symmetric in \(frames(candidate.asymmetric)): left out") }
      let missing = frameCount - total(candidate)
      if missing > 0 { warnings.append("\(key) is missing in \(frames(missing))") }
      if candidate.match == .fallback { warnings.append("\(key) is taken for the energy, since there is no other") }
      let largest = max(candidate.range.lowest.magnitude, candidate.range.highest.magnitude)
      if kind == .stress, candidate.frames > 0, largest > 1 {
        warnings.append(
          "\(key) is up to \(shown(largest)) eV/A^3 (\(shown(160.2176634 * largest)) GPa): is it in another unit? (--stress-unit)")
      }
      if kind == .forces, candidate.frames > 0, largest == 0 { warnings.append("\(key) is zero everywhere") }
      if kind == .forces, candidate.frames > 0, largest > 200 {
        warnings.append("\(key) is up to \(shown(largest)) eV/A: is it in another unit? (--energy-unit, --length-unit)")
      }
      if kind == .forces, candidate.netForce > max(0.05, 0.05 * largest) {
        warnings.append("the forces of a frame add up to \(shown(candidate.netForce)) eV/A, and should to nothing")
      }
    }
    if !chosen.isEmpty && chosen[.energy] == nil { warnings.append("no energy is found (\(LabelKind.energy.option) names it)") }
    if !chosen.isEmpty && chosen[.forces] == nil { warnings.append("no forces are found (\(LabelKind.forces.option) names them)") }
    // Energies of one calculation beside forces of another.
    let isReference = { (key: String?) in key.map { $0.lowercased().contains("ref") } }
    if let a = isReference(chosen[.energy]), let b = isReference(chosen[.forces]), a != b, options.keys.isEmpty {
      warnings.append("the energy is \(chosen[.energy]!), the forces are \(chosen[.forces]!): are they of one calculation?")
    }
    for candidate in candidates where chosen[candidate.kind] != nil && chosen[candidate.kind] != candidate.key {
      warnings.append("\(candidate.key) may be \(candidate.kind.rawValue), too, and is not used (\(candidate.kind.option))")
    }
    return warnings
  }

  func frames(_ count: Int) -> String { "\(count) of \(frameCount) frame\(frameCount == 1 ? "" : "s")" }
}
