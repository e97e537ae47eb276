import EquivariantLayers

extension PONITA {
  /// Hyperparameters.
  public typealias Configuration = PONITAConfiguration
}

/// Hyperparameters of ``PONITA``, the same for both element types.
public struct PONITAConfiguration: Sendable, Codable, Equatable {
  /// Where features live.
  public enum Space: Sendable, Codable, Hashable {
    /// On positions times a grid of orientations that all nodes share, with separable convolutions: the "fiber bundle".
    case bundle(OrientationRule)
    /// On positions alone, ℝᵈ, with kernels of the distance: "PNITA", the baseline. Takes and gives scalars only.
    case points
    /// On the directed edges of the graph, each a position (its receiver) with a direction (to its sender), ℝ³ × S² as a cloud of points:
    /// exactly equivariant, with as many more nodes as a node has neighbours.
    case orientedPoints
  }

  /// How a grid of orientations lies in space.
  public enum Pose: String, Sendable, Codable, CaseIterable {
    /// As it is, the same for every input: published, and equivariant only approximately, or under the symmetries of the grid.
    case fixed
    /// In the frame of each cloud's principal axes (`PCAFrame`): exactly equivariant.
    case principalAxes
  }

  /// What is predicted.
  public enum Task: String, Sendable, Codable {
    /// Something of each node.
    case nodes
    /// Something of each cloud: the sum over its nodes.
    case sums
    /// Something of each cloud: the mean over its nodes.
    case means
  }

  /// Scalars of each node at the input.
  public var scalars = 1
  /// Vectors of each node at the input.
  public var vectors = 1
  /// Predicted scalars.
  public var scalarOutputs = 0
  /// Predicted vectors.
  public var vectorOutputs = 1
  /// Predicted tensors of rank 2: symmetric without trace, or on grids of frames any.
  public var tensorOutputs = 0
  /// Channels.
  public var hidden = 128
  /// Functions that kernels are linear in.
  public var basis = 256
  /// Number of blocks.
  public var layers = 5
  /// Of the polynomials of the invariants.
  public var degree = 3
  /// Of the MLP in each block.
  public var widening = 4
  /// First value of the factors of residual branches; nil for none.
  public var layerScale: Double?
  /// Whether predictions are read after every block, and averaged, or after the last one only.
  public var multipleReadouts = true
  /// Where kernels fall to 0 (`CutoffFunction`); nil for kernels of any reach.
  public var radius: Double?
  /// Whether each node hears itself. Edges of the graph from a node to itself count for nothing.
  public var selfLoops = true
  /// What is predicted.
  public var task = Task.nodes
  /// Where features live.
  public var space = Space.bundle(.signSymmetric(16))
  /// The degree L of functions of the orientation, where they have a band limit: kernels are functions of the distance times Legendre polynomials,
  /// and features are projected to harmonics of degree L after each nonlinearity. The weights of the grid of directions must be exact to degree 2L
  /// (`OrientationGrid.isExact(forProductsOfDegree:)`); where they are exact to degree 3L the rest of the network is exactly equivariant, and the
  /// error is that of the nonlinearities' quadrature. ``basis`` must be a multiple of L + 1.
  /// Nil for none, as published.
  public var bandLimit: Int?
  /// How the grid lies.
  public var pose = Pose.principalAxes
  /// Whether the kernels of each block at all pairs and orientations are kept for the backward pass, which takes memory, or computed again,
  /// which takes time. Nil: kept from 128 basis functions on.
  public var keepsKernels: Bool?

  /// The defaults: the published widths, with a grid of 16 orientations that principal axes carry.
  public init() {}

  /// The published n-body network: 16 orientations of random repulsion, fixed in space, and layer scale 10⁻⁶.
  public static var published: PONITAConfiguration {
    var configuration = PONITAConfiguration()
    (configuration.space, configuration.pose, configuration.layerScale) = (.bundle(.repulsion(16)), .fixed, 1e-6)
    return configuration
  }
}
