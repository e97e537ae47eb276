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
    /// On positions alone, ℝᵈ, with kernels of the distance: "PNITA", the baseline. It takes and gives scalars only.
    case points
    /// On the directed edges of the graph, each a position (its receiver) with a direction (to its sender), ℝ³ × S² as a cloud of points:
    /// exactly equivariant, with as many more nodes as a node has neighbours.
    case orientedPoints
  }

  /// How a grid of orientations lies in space.
  public enum Pose: String, Sendable, Codable, CaseIterable {
    /// As it is, the same for every input, which is the published form. It is equivariant only approximately, or under the symmetries of
    /// the grid.
    case fixed
    /// In the frame of each cloud's principal axes (`PCAFrame`), which is exactly equivariant.
    case principalAxes
  }

  /// What is predicted.
  public enum Task: String, Sendable, Codable {
    /// A value for each node.
    case nodes
    /// A value for each cloud, the sum over its nodes.
    case sums
    /// A value for each cloud, the mean over its nodes.
    case means
  }

  /// The number of scalars of each node at the input.
  public var scalars = 1
  /// The number of vectors of each node at the input.
  public var vectors = 1
  /// The number of predicted scalars.
  public var scalarOutputs = 0
  /// The number of predicted vectors.
  public var vectorOutputs = 1
  /// The number of predicted tensors of rank 2, which are symmetric without trace, or any tensors on grids of frames.
  public var tensorOutputs = 0
  /// The number of channels.
  public var hidden = 128
  /// The number of functions in which kernels are linear.
  public var basis = 256
  /// The number of blocks.
  public var layers = 5
  /// The degree of the polynomials of the invariants.
  public var degree = 3
  /// The factor by which the MLP in each block widens.
  public var widening = 4
  /// The first value of the factors of residual branches; nil for none.
  public var layerScale: Double?
  /// Whether predictions are read out after every block and averaged, instead of after the last one only.
  public var multipleReadouts = true
  /// The distance at which kernels fall to 0 (`CutoffFunction`); nil for kernels of any reach.
  public var radius: Double?
  /// Whether each node sends a message to itself. Edges of the graph from a node to itself are ignored.
  public var selfLoops = true
  /// What is predicted.
  public var task = Task.nodes
  /// Where features live.
  public var space = Space.bundle(.signSymmetric(16))
  /// The degree L of functions of the orientation, where they have a band limit: kernels are functions of the distance times Legendre
  /// polynomials, and features are projected to harmonics of degree L after each nonlinearity. The weights of the grid of directions must
  /// be exact to degree 2L (`OrientationGrid.isExact(forProductsOfDegree:)`); where they are exact to degree 3L, everything except the
  /// nonlinearities is exactly equivariant, and the error is that of the nonlinearities' quadrature. ``basis`` must be a multiple of L + 1.
  /// Nil stands for no limit, as published.
  public var bandLimit: Int?
  /// How the grid lies.
  public var pose = Pose.principalAxes
  /// Whether the kernels of each block at all pairs and orientations are kept for the backward pass, which takes memory, or computed again,
  /// which takes time. With nil, they are kept from 128 basis functions on.
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
