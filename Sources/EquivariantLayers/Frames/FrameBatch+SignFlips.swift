import DifferentiableTensors

extension FrameBatch {
  /// One element for all those that differ only by the signs of axes, with the weight of them all. That is enough for a function that is
  /// equivariant under changes of signs of the coordinates, such as a network on an orientation grid with that symmetry. One element is
  /// left of the principal frame of a cloud whose spectrum is simple.
  public var mergingSignFlips: FrameBatch {
    let d = dimension
    let values = rotations.converted(to: Double.self).elements
    let tolerance = Double(Scalar.ulpOfOne.squareRoot())
    /// Whether the overlaps of all pairs of different axes vanish.
    func differBySigns(_ a: Int, _ b: Int) -> Bool {
      (0..<d).allSatisfy { i in
        (0..<d).allSatisfy { j in
          i == j || abs((0..<d).reduce(0) { $0 + values[(a * d + $1) * d + i] * values[(b * d + $1) * d + j] }) < tolerance
        }
      }
    }
    var (kept, classes, start): ([Int], [Int], Int) = ([], [], 0)
    for count in clouds.multiplicities {
      let firstClass = kept.count
      for frame in start..<start + count {
        let known = (firstClass..<kept.count).first { differBySigns(kept[$0], frame) }
        classes.append(known ?? kept.count)
        if known == nil { kept.append(frame) }
      }
      start += count
    }
    let owners = kept.map { Int(clouds.rows[$0]) }
    let isSingle = kept.count == cloudCount
    return FrameBatch(
      rotations: rotations.gathered(RowIndex(kept, rowCount: count)),
      weights: isSingle ? nil : effectiveWeights.scatterAdded(RowIndex(classes, rowCount: kept.count)), centers: centers,
      clouds: RowIndex(owners, rowCount: cloudCount))
  }
}
