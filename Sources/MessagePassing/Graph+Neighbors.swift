import DifferentiableTensors
import Requirements

extension Graph {
  /// An edge to every point of a batch of clouds [clouds, points, d] from each of its `k` nearest points of the same cloud, in the order of
  /// their distances.
  ///
  /// Point i of cloud c is node c · points + i; the senders of its `k` edges are ``senders``[node · k ..< (node + 1) · k], the nearest first.
  /// Points at equal distance come in the order of their numbers. No derivatives go through the choice of neighbours.
  /// - Parameters:
  ///   - points: [clouds, points, d]
  ///   - k: neighbours of each point.
  ///   - selfLoops: whether a point is one of its own neighbours, as in DGCNN (Wang et al. 2019); otherwise it is left out.
  public static func nearestNeighbors<Scalar: TensorScalar>(of points: Tensor<Scalar>, _ k: Int, selfLoops: Bool = false) -> Graph {
    require(points.rank == 3, "clouds [clouds, points, d] are expected, received \(points.shape)")
    let (clouds, n) = (points.shape[0], points.shape[1])
    let most = selfLoops ? n : max(0, n - 1)
    require(k >= 0 && k <= most, "between 0 and \(most) neighbours are expected, received \(k)")
    var senders: [Int] = []
    senders.reserveCapacity(clouds * n * k)
    for cloud in 0..<clouds {
      let near = NearestNeighbors(points.sliced(axis: 0, cloud..<cloud + 1).reshaped(n, points.shape[2])).nearest(selfLoops ? k : k + 1)
      for point in 0..<n {
        let found = near[point].indices
        // Among more than k coincident points one may not be in its own list: then the last is left out.
        let own = selfLoops ? nil : found.firstIndex(of: Int32(point)) ?? found.endIndex - 1
        for place in found.indices where place != own { senders.append(cloud * n + Int(found[place])) }
      }
    }
    return Graph(nodeCount: clouds * n, receivers: senders.indices.map { $0 / k }, senders: senders)
  }

  /// An edge to every point of a batch of clouds [clouds, points, d] from each other point of the same cloud at a distance up to `radius`, in
  /// the order of their distances; from the point itself too where `selfLoops` are wanted.
  public static func radiusNeighbors<Scalar: TensorScalar>(of points: Tensor<Scalar>, _ radius: Scalar, selfLoops: Bool = false) -> Graph {
    require(points.rank == 3, "clouds [clouds, points, d] are expected, received \(points.shape)")
    let (clouds, n) = (points.shape[0], points.shape[1])
    var (receivers, senders): ([Int], [Int]) = ([], [])
    for cloud in 0..<clouds {
      let near = NearestNeighbors(points.sliced(axis: 0, cloud..<cloud + 1).reshaped(n, points.shape[2])).within(radius)
      for point in 0..<n {
        for index in near[point].indices where selfLoops || Int(index) != point {
          receivers.append(cloud * n + point)
          senders.append(cloud * n + Int(index))
        }
      }
    }
    return Graph(nodeCount: clouds * n, receivers: receivers, senders: senders)
  }
}
