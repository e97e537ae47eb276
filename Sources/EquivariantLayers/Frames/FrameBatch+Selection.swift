import DifferentiableTensors
import GroupTheory
import Requirements

extension FrameBatch {
  /// Independent random elements of each frame, drawn by weight, with equal weights, so that the mean of averages over them is the average
  /// over the frame. Elements may repeat.
  public func sampled(_ number: Int = 1, using generator: inout some RandomNumberGenerator) -> FrameBatch {
    require(number >= 1, "at least one element is expected, received \(number)")
    let weights = effectiveWeights.detached.elements
    var (start, chosen): (Int, [Int]) = (0, [])
    for frames in clouds.multiplicities {
      for _ in 0..<number {
        var left = Scalar(generator.uniform())
        var pick = start
        while pick < start + frames - 1, left >= weights[pick] {
          left -= weights[pick]
          pick += 1
        }
        chosen.append(pick)
      }
      start += frames
    }
    return selected(chosen)
  }

  /// Independent Haar-random elements for each cloud, with equal weights and without centres, as random poses of a network that is not
  /// equivariant, in training or for an average.
  public static func random(
    _ number: Int = 1, for clouds: Int, of group: EuclideanGroup, using generator: inout some RandomNumberGenerator
  ) -> FrameBatch {
    require(number >= 1, "at least one element is expected, received \(number)")
    let d = group.dimension
    let elements = group.randomElements(number * clouds, using: &generator).flatMap { $0.linear.elements.map { Scalar($0) } }
    return FrameBatch(
      rotations: Tensor(elements, shape: [number * clouds, d, d]),
      clouds: RowIndex((0..<number * clouds).map { $0 / number }, rowCount: clouds))
  }

  /// One element of each frame: the one of largest weight, the first of equals.
  public var canonical: FrameBatch {
    let weights = effectiveWeights.detached.elements
    var (start, chosen): (Int, [Int]) = (0, [])
    for frames in clouds.multiplicities {
      chosen.append((start + 1..<start + frames).reduce(start) { weights[$1] > weights[$0] ? $1 : $0 })
      start += frames
    }
    return selected(chosen)
  }

  /// The same frames for other clouds: cloud k of the result has those of cloud `rows[k]`, such as the rows of clouds of unequal sizes.
  public func gathered(_ rows: RowIndex) -> FrameBatch {
    require(rows.rowCount == cloudCount, "indices of \(cloudCount) clouds are expected, received \(rows.rowCount)")
    var starts = [0]
    for n in clouds.multiplicities { starts.append(starts.last! + n) }
    var (source, owner): ([Int], [Int]) = ([], [])
    for (k, cloud) in rows.rows.enumerated() {
      for t in starts[Int(cloud)]..<starts[Int(cloud) + 1] {
        source.append(t)
        owner.append(k)
      }
    }
    let index = RowIndex(source, rowCount: count)
    return FrameBatch(
      rotations: rotations.gathered(index), weights: weights?.gathered(index), centers: centers?.gathered(rows),
      clouds: RowIndex(owner, rowCount: rows.count))
  }

  private func selected(_ frames: [Int]) -> FrameBatch {
    let index = RowIndex(frames, rowCount: count)
    return FrameBatch(
      rotations: rotations.gathered(index), centers: centers,
      clouds: RowIndex(frames.map { Int(clouds.rows[$0]) }, rowCount: cloudCount))
  }
}
