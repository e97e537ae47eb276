import DifferentiableTensors
import FileFormats
import MessagePassing

/// Graphs to be classified, with labels of their nodes.
///
/// Labels and classes are numbered from 0 in the order of the values that the file has; the values are kept as well. Attributes of nodes,
/// edges and graphs (real numbers) are ignored.
public struct GraphDataset: Sendable {
  /// What the set is called.
  public let name: String
  /// The graphs.
  public let graphs: [SimpleGraph]
  /// The label of each node of each graph, as a place in ``nodeLabelValues``.
  public private(set) var nodeLabels: [[Int]]
  /// The labels of nodes, in increasing order; the one label 0 where the file has none.
  public private(set) var nodeLabelValues: [Int]
  /// The label of each edge of each graph, as a place in ``edgeLabelValues``, in the order of `SimpleGraph.edges`; nil where the file has
  /// none.
  public let edgeLabels: [[Int]]?
  /// The labels of edges, in increasing order.
  public let edgeLabelValues: [Int]
  /// The class of each graph, as a place in ``classes``; 0 where there are no classes.
  public let labels: [Int]
  /// The classes, in increasing order; none where the file has none.
  public let classes: [Int]
  /// The folds that the file gives; nil where it gives none.
  public let standardFolds: GraphFolds?
  /// What was changed to make simple undirected graphs of those in the file, in words for the user; nil where nothing was.
  public let note: String?

  /// The number of graphs.
  public var count: Int { graphs.count }
  /// The most nodes of a graph.
  public var largest: Int { graphs.reduce(0) { max($0, $1.nodeCount) } }

  /// Makes a set from values of labels and classes as a file has them.
  init(
    name: String, graphs: [SimpleGraph], nodeLabels: [Int]?, edgeLabels: [Int]? = nil, labels: [Int]?, standardFolds: GraphFolds? = nil,
    note: String? = nil
  ) {
    self.note = note
    self.name = name
    self.graphs = graphs
    (self.nodeLabels, nodeLabelValues) = Self.nodeLabels(
      nodeLabels ?? [Int](repeating: 0, count: graphs.reduce(0) { $0 + $1.nodeCount }), of: graphs)
    let edges = edgeLabels.map(Self.numbered)
    self.edgeLabels = edges.map { Self.cut($0.numbers, graphs.map(\.edgeCount)) }
    edgeLabelValues = edges?.values ?? []
    let classes = labels.map(Self.numbered)
    self.labels = classes?.numbers ?? [Int](repeating: 0, count: graphs.count)
    self.classes = classes?.values ?? []
    self.standardFolds = standardFolds
  }

  /// The same graphs with the number of neighbours of each node as its label, which is how Xu et al. 2019 treat graphs without labels.
  public var labelledByDegree: GraphDataset {
    var copy = self
    (copy.nodeLabels, copy.nodeLabelValues) = Self.nodeLabels(graphs.flatMap { $0.neighbors.map(\.count) }, of: graphs)
    return copy
  }

  /// The graphs of the given numbers, with the labels of their nodes as one-hot features.
  public func batch<Scalar: TensorScalar>(_ numbers: [Int]) -> GraphBatch<Scalar> {
    let width = nodeLabelValues.count
    let places = numbers.flatMap { nodeLabels[$0] }
    let features = Tensor<Scalar>.identity(width).gathered(RowIndex(places, rowCount: width))
    return GraphBatch(numbers.map { graphs[$0] }, features: features)
  }

  /// Labels of nodes by graph, as places in the list of their values.
  private static func nodeLabels(_ values: [Int], of graphs: [SimpleGraph]) -> ([[Int]], [Int]) {
    let nodes = numbered(values)
    return (cut(nodes.numbers, graphs.map(\.nodeCount)), nodes.values.isEmpty ? [0] : nodes.values)
  }

  /// Values as places in the list of those that occur.
  private static func numbered(_ values: [Int]) -> (numbers: [Int], values: [Int]) {
    let distinct = Set(values).sorted()
    let places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
    return (values.map { places[$0]! }, distinct)
  }

  /// Consecutive parts of the given sizes.
  private static func cut(_ values: [Int], _ sizes: [Int]) -> [[Int]] {
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return Array(values[start..<start + size])
    }
  }
}
