import DifferentiableTensors
import Requirements

extension Graph {
  /// An edge to every point of a batch of clouds [clouds, points, d] from each of its `k` nearest points of the same cloud, in the order of
  /// their distances. Each cloud is a graph of its own (``graphSizes``).
  ///
  /// Point i of cloud c is node c · points + i; the senders of its `k` edges are ``senders``[node · k ..< (node + 1) · k], the nearest
  /// first. Points at equal distance come in the order of their numbers. No derivatives go through the choice of neighbours.
  /// - Parameters:
  ///   - points: [clouds, points, d]
  ///   - k: neighbours of each point.
  ///   - selfLoops: whether a point is one of its own neighbours, as in DGCNN (Wang et al. 2019); otherwise it is left out.
  public static func nearestNeighbors<Scalar: TensorScalar>(of points: Tensor<Scalar>, _ k: Int, selfLoops: Bool = false) -> Graph {
    let (rows, sizes) = rowsOfClouds(points)
    return nearestNeighbors(of: rows, sizes: sizes, k, selfLoops: selfLoops)
  }

  /// The same for clouds of different sizes, one after the other: `points` [all points, d], of which the first `sizes[0]` are the first
  /// cloud, and so on. Each cloud needs `k` points besides the one in question, unless it has no points at all.
  public static func nearestNeighbors<Scalar: TensorScalar>(
    of points: Tensor<Scalar>, sizes: [Int], _ k: Int, selfLoops: Bool = false
  ) -> Graph {
    let most = sizes.filter { $0 > 0 }.min().map { selfLoops ? $0 : $0 - 1 } ?? Int.max
    require(k >= 0 && k <= most, "between 0 and \(most) neighbours are expected, received \(k)")
    return neighbors(of: points, sizes: sizes) { search in
      let near = search.nearest(selfLoops ? k : k + 1)
      return { point in
        let found = near[point].indices
        if selfLoops { return Array(found) }
        // Among more than k coincident points one may not be in its own list: then the last is left out.
        let own = found.firstIndex(of: Int32(point)) ?? found.endIndex - 1
        return found.indices.filter { $0 != own }.map { found[$0] }
      }
    }
  }

  /// An edge to every point of a batch of clouds [clouds, points, d] from each other point of the same cloud at a distance up to `radius`,
  /// in the order of their distances, and from the point itself too where `selfLoops` are wanted. Each cloud is a graph of its own
  /// (``graphSizes``).
  public static func radiusNeighbors<Scalar: TensorScalar>(of points: Tensor<Scalar>, _ radius: Scalar, selfLoops: Bool = false) -> Graph {
    let (rows, sizes) = rowsOfClouds(points)
    return radiusNeighbors(of: rows, sizes: sizes, radius, selfLoops: selfLoops)
  }

  /// The same for clouds of different sizes, one after the other: `points` [all points, d], of which the first `sizes[0]` are the first
  /// cloud, and so on.
  public static func radiusNeighbors<Scalar: TensorScalar>(
    of points: Tensor<Scalar>, sizes: [Int], _ radius: Scalar, selfLoops: Bool = false
  ) -> Graph {
    neighbors(of: points, sizes: sizes) { search in
      let near = search.within(radius)
      return { point in near[point].indices.filter { selfLoops || Int($0) != point } }
    }
  }

  /// Clouds [clouds, points, d] as rows [clouds · points, d], and the size of each.
  private static func rowsOfClouds<Scalar: TensorScalar>(_ points: Tensor<Scalar>) -> (rows: Tensor<Scalar>, sizes: [Int]) {
    require(
      points.rank == 3,
      "clouds [clouds, points, d], or rows [points, d] with the sizes of the clouds, are expected, received \(points.shape)")
    let (clouds, n) = (points.shape[0], points.shape[1])
    return (points.reshaped(clouds * n, points.shape[2]), Array(repeating: n, count: clouds))
  }

  /// Edges to every point of clouds side by side.
  ///
  /// - Parameter search: given the points of a cloud, a function that gives the neighbours of one of them by their numbers in the cloud.
  private static func neighbors<Scalar: TensorScalar>(
    of points: Tensor<Scalar>, sizes: [Int], search: (NearestNeighbors<Scalar>) -> (Int) -> [Int32]
  ) -> Graph {
    require(
      points.rank == 2 && sizes.allSatisfy { $0 >= 0 } && sizes.reduce(0, +) == points.shape[0],
      "points [points, d] and sizes of clouds that add up to them are expected, received \(points.shape) and \(sizes)")
    var (receivers, senders, start): ([Int], [Int], Int) = ([], [], 0)
    for size in sizes where size > 0 {
      let neighbors = search(NearestNeighbors(points.sliced(axis: 0, start..<start + size)))
      for point in 0..<size {
        for sender in neighbors(point) {
          receivers.append(start + point)
          senders.append(start + Int(sender))
        }
      }
      start += size
    }
    return Graph(nodeCount: start, receivers: receivers, senders: senders, graphSizes: sizes)
  }
}
