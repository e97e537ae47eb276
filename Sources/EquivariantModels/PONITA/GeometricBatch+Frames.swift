import DifferentiableTensors
import EquivariantLayers
import MessagePassing
import Requirements

extension GeometricBatch {
  /// The frames of every cloud by its positions, vectors and scalars, with a rule that takes clouds of one size at a time.
  ///
  /// - Parameters:
  ///   - rule: the rule.
  ///   - rank: the largest rank of the tensors that will be averaged.
  public func frames(_ rule: some PointFrames, rank: Int = 1) -> FrameBatch<Scalar> {
    let sizes = graph.graphSizes
    let (v, d) = (vectors.shape[1], dimension)
    let rows = Tensor.concatenated([positions, vectors.reshaped(graph.nodeCount, v * d), scalars])
    let features: [FrameFeature] = [.points(), .vectors(v), .scalars(scalars.shape[1])]
    func frames(_ x: Tensor<Scalar>, _ clouds: Int) -> FrameBatch<Scalar> {
      rule(x.reshaped(clouds, x.shape[0] / Swift.max(1, clouds), x.shape[1]), as: features, rank: rank)
    }
    let distinct = Set(sizes).sorted()
    if distinct.count <= 1 { return frames(rows, sizes.count) }
    var starts = [0]
    for size in sizes { starts.append(starts.last! + size) }
    var (parts, owners, centered): ([FrameBatch<Scalar>], [Int], [Int]) = ([], [], [])
    for size in distinct {
      let members = sizes.indices.filter { sizes[$0] == size }
      let index = RowIndex(members.flatMap { starts[$0]..<starts[$0] + size }, rowCount: graph.nodeCount)
      let part = frames(rows.gathered(index), members.count)
      parts.append(part)
      owners += part.clouds.rows.map { members[Int($0)] }
      centered += members
    }
    let centers = parts.compactMap(\.centers)
    let order = RowIndex(owners.indices.sorted { (owners[$0], $0) < (owners[$1], $1) }, rowCount: owners.count)
    return FrameBatch(
      rotations: .concatenated(parts.map(\.rotations), axis: 0).gathered(order),
      weights: .concatenated(parts.map(\.effectiveWeights), axis: 0).gathered(order),
      centers: centers.isEmpty ? nil : Tensor.concatenated(centers, axis: 0).scatterAdded(RowIndex(centered, rowCount: sizes.count)),
      clouds: RowIndex(order.rows.map { owners[Int($0)] }, rowCount: sizes.count))
  }

  /// Every cloud as each of its frames sees it, with the copies of a cloud next to each other.
  func framed(by frames: FrameBatch<Scalar>) -> FramedBatch<Scalar> {
    require(
      frames.cloudCount == graph.graphSizes.count, "frames of \(graph.graphSizes.count) clouds are expected, received \(frames.cloudCount)")
    let counts = frames.clouds.multiplicities
    let isSingle = frames.count == frames.cloudCount
    var (nodes, owners, start): ([Int], [Int], Int) = ([], [], 0)
    for (size, count) in zip(graph.graphSizes, counts) {
      for _ in 0..<count {
        let frame = owners.isEmpty ? 0 : owners.last! + 1
        nodes += start..<start + size
        owners += Array(repeating: frame, count: size)
      }
      start += size
    }
    let (source, frame) = (RowIndex(nodes, rowCount: graph.nodeCount), RowIndex(owners, rowCount: frames.count))
    let v = vectors.shape[1]
    let each = frames.separate(frame)
    let rows = Tensor.concatenated([positions, vectors.reshaped(graph.nodeCount, v * dimension)]).gathered(source)
    let moved = each.framed(rows, as: [.points(), .vectors(v)])
    let batch = GeometricBatch(
      positions: moved.sliced(axis: 1, 0..<dimension), scalars: scalars.gathered(source),
      vectors: moved.sliced(axis: 1, dimension..<(v + 1) * dimension).reshaped(nodes.count, v, dimension),
      graph: isSingle ? graph : graph.copies(counts).graph)
    return FramedBatch(batch: batch, frames: frames, source: source, frame: frame)
  }
}

extension FrameBatch {
  /// One frame for each row: the frame `rows` of these.
  fileprivate func separate(_ rows: RowIndex) -> FrameBatch {
    FrameBatch(
      rotations: rotations.gathered(rows),
      centers: centers?.gathered(RowIndex(rows.rows.map { Int(clouds.rows[Int($0)]) }, rowCount: cloudCount)),
      clouds: RowIndex(Array(0..<rows.count), rowCount: rows.count))
  }
}

/// Copies of clouds, each in the coordinates of one frame.
struct FramedBatch<Scalar: TensorScalar> {
  let batch: GeometricBatch<Scalar>
  let frames: FrameBatch<Scalar>
  /// The node of the clouds, and the frame, of each node of the copies.
  let (source, frame): (RowIndex, RowIndex)

  /// What a network predicts for the copies, averaged over the frames of each cloud in the coordinates of the world.
  func averaged(_ output: GeometricOutput<Scalar>, ofNodes: Bool) -> GeometricOutput<Scalar> {
    let (s, v, t, d) = (output.scalars.shape[1], output.vectors.shape[1], output.tensors.shape[1], frames.dimension)
    let rows = output.scalars.shape[0]
    let flat = Tensor.concatenated([output.scalars, output.vectors.reshaped(rows, v * d), output.tensors.reshaped(rows, t * d * d)])
    let features: [FrameFeature] = [.scalars(s), .vectors(v), .tensors(t, rank: 2)]
    var world: Tensor<Scalar>
    if ofNodes {
      world = frames.separate(frame).averaged(flat, as: features)
      if frames.count > frames.cloudCount {
        world = (world * frames.effectiveWeights.gathered(frame).expandingAxis(1)).scatterAdded(source)
      }
    } else {
      world = frames.averaged(flat, as: features)
    }
    let n = world.shape[0]
    return GeometricOutput(
      scalars: world.sliced(axis: 1, 0..<s), vectors: world.sliced(axis: 1, s..<s + v * d).reshaped(n, v, d),
      tensors: world.sliced(axis: 1, s + v * d..<s + v * d + t * d * d).reshaped(n, t, d, d))
  }
}
