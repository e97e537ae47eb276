import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import MessagePassing
import NeuralModules
import Requirements

/// PONITA (Bekkers et al., ICLR 2024, "Fast, Expressive SE(n) Equivariant Networks through Weight-Sharing in Position-Orientation Space"):
/// convolutions on positions and orientations with kernels of the invariants of pairs, ConvNeXt blocks, scalars and vectors in and out.
///
/// ```swift
/// let model = PONITA<Float>(PONITAConfiguration(), using: &generator)
/// let moved = batch.positions + model(batch).vectors.selected(axis: 1, 0)
/// ```
/// A grid of n orientations fixed in space, as published, is equivariant up to an error that falls slowly with n. By default the grid is
/// carried by the principal axes of each cloud instead, and no change of signs of coordinates changes it, so that one element of the frame
/// stands for all. It is then exactly equivariant under E(3) (with frames of SE(3) and in the plane, under SE(d)) and permutations, at the
/// cost of one evaluation; only degenerate clouds take more. Parameters are named as in the authors' code; the grid is saved with them.
public struct PONITA<Scalar: TensorScalar>: Layer {
  /// Hyperparameters.
  public let configuration: Configuration
  /// What happens to clouds whose principal axes are not determined.
  public let degeneracy: DegeneracyPolicy
  /// The orientations of a bundle; nil for other spaces.
  public var grid: OrientationGrid<Scalar>?
  var basis: KernelBasis<Scalar>
  var fiberBasis: KernelBasis<Scalar>?
  var embedding: Linear<Scalar>
  var blocks: [ConvNeXtBlock<Scalar>]
  var readouts: [Linear<Scalar>]

  /// A network with the initial weights of PyTorch's linear layers. Kernels are best scaled by ``calibrated(on:)`` before training.
  public init(
    _ configuration: Configuration = Configuration(), degeneracy: DegeneracyPolicy = .refined,
    using generator: inout some RandomNumberGenerator
  ) {
    (self.configuration, self.degeneracy) = (configuration, degeneracy)
    require(configuration.layers >= 1, "expected at least 1 layer, received \(configuration)")
    let (hidden, degree) = (configuration.hidden, configuration.degree)
    var (invariants, axes) = (1, 0)
    switch configuration.space {
    case .bundle(let rule):
      let grid = OrientationGrid<Scalar>(rule, using: &generator)
      axes = grid.axesPerOrientation
      self.grid = grid
      guard configuration.bandLimit == nil else { break }
      invariants = axes == 1 ? 2 : 3
      fiberBasis = KernelBasis(invariants: axes * axes, degree: degree, hidden: hidden, basis: configuration.basis, using: &generator)
    case .orientedPoints: (invariants, axes) = (3, 1)
    case .points:
      require(
        configuration.vectors == 0 && configuration.vectorOutputs == 0 && configuration.tensorOutputs == 0,
        "expected scalars only on points without orientations, received \(configuration)")
    }
    if let limit = configuration.bandLimit {
      require(
        grid != nil && limit >= 1 && configuration.basis % (limit + 1) == 0,
        "expected a bundle and a basis that is a multiple of \(limit + 1) for a band limit of \(limit) ≥ 1, received \(configuration)")
      require(
        grid!.isExact(forProductsOfDegree: limit),
        "expected a grid that integrates products of harmonics of degree \(limit), received \(configuration.space)")
    }
    basis = KernelBasis(invariants: invariants, degree: degree, hidden: hidden, basis: configuration.basis, using: &generator)
    embedding = Linear(configuration.scalars + axes * configuration.vectors, hidden, bias: false, using: &generator)
    let outputs = configuration.scalarOutputs + axes * configuration.vectorOutputs + axes * axes * configuration.tensorOutputs
    (blocks, readouts) = ([], [])
    for k in 0..<configuration.layers {
      blocks.append(
        ConvNeXtBlock(
          channels: hidden, basis: configuration.basis,
          fiberBasis: grid.map { _ in configuration.bandLimit.map { $0 + 1 } ?? configuration.basis },
          widening: configuration.widening, layerScale: configuration.layerScale, using: &generator))
      if configuration.multipleReadouts || k == configuration.layers - 1 { readouts.append(Linear(hidden, outputs, using: &generator)) }
    }
  }

  /// The prediction.
  public func callAsFunction(_ input: GeometricBatch<Scalar>) -> GeometricOutput<Scalar> {
    frames(of: input).map { self(input, in: $0) } ?? evaluated(input)
  }

  /// The prediction with the grid carried by given frames, averaged over those of each cloud, such as random rotations in training or
  /// testing, or a quadrature.
  public func callAsFunction(_ input: GeometricBatch<Scalar>, in frames: FrameBatch<Scalar>) -> GeometricOutput<Scalar> {
    let framed = input.framed(by: frames)
    return framed.averaged(evaluated(framed.batch), ofNodes: configuration.task == .nodes)
  }

  /// The frames that carry the grid, where the configuration says so.
  public func frames(of input: GeometricBatch<Scalar>) -> FrameBatch<Scalar>? {
    guard configuration.pose == .principalAxes, let grid else { return nil }
    let group: EuclideanGroup = grid.dimension == 2 ? .se(2) : grid.axesPerOrientation == 1 ? .e(3) : .se(3)
    let rule = PCAFrame(group, degeneracy: degeneracy, differentiable: input.positions.requiresGradient)
    let frames = input.frames(rule, rank: configuration.tensorOutputs > 0 ? 2 : 1)
    return grid.isSignSymmetric ? frames.mergingSignFlips : frames
  }

  /// The network in the coordinates of its input.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func evaluated(_ input: GeometricBatch<Scalar>) -> GeometricOutput<Scalar> {
    let geometry = geometry(of: input)
    var h = lifted(input, geometry)
    var read: Tensor<Scalar>?
    for (k, block) in blocks.enumerated() {
      h = block(h, geometry.kernels)
      guard let readout = readout(after: k) else { continue }
      let f = readout(h)
      read = read.map { $0 + f } ?? f
    }
    return output(read! * (1 / Scalar(readouts.count)), geometry, input)
  }

  /// The network with kernels scaled, block after block, so that the convolutions keep the deviation of their input at this batch (see
  /// `PositionOrientationConvolution.calibrate(on:_:)`); the authors' code does so in its first step of training.
  public func calibrated(on input: GeometricBatch<Scalar>) -> PONITA {
    let input = frames(of: input).map { input.framed(by: $0).batch } ?? input
    let geometry = geometry(of: input)
    var model = self
    var h = lifted(input, geometry)
    for k in model.blocks.indices { h = model.blocks[k].calibrate(on: h, geometry.kernels) }
    return model
  }

  private func lifted(_ input: GeometricBatch<Scalar>, _ geometry: PONITAGeometry<Scalar>) -> Tensor<Scalar> {
    require(
      input.scalars.shape[1] == configuration.scalars && input.vectors.shape[1] == configuration.vectors,
      "\(configuration.scalars) scalars and \(configuration.vectors) vectors of each node are expected, "
        + "received \(input.scalars.shape[1]) and \(input.vectors.shape[1])")
    let (scalars, vectors) =
      geometry.base.map { (input.scalars.gathered($0), input.vectors.gathered($0)) } ?? (input.scalars, input.vectors)
    return embedding(geometry.axes.lifted(scalars: scalars, vectors: vectors))
  }

  private func readout(after block: Int) -> Linear<Scalar>? {
    configuration.multipleReadouts ? readouts[block] : block == blocks.count - 1 ? readouts.last : nil
  }

  private func output(
    _ functions: Tensor<Scalar>, _ geometry: PONITAGeometry<Scalar>, _ input: GeometricBatch<Scalar>
  ) -> GeometricOutput<Scalar> {
    let read = geometry.axes.readOut(
      functions, scalars: configuration.scalarOutputs, vectors: configuration.vectorOutputs, tensors: configuration.tensorOutputs)
    func collected(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
      let nodes = geometry.base.map { x.segmentMean($0) } ?? x
      switch configuration.task {
      case .nodes: return nodes
      case .sums: return nodes.segmentSum(input.membership)
      case .means: return nodes.segmentMean(input.membership)
      }
    }
    return GeometricOutput(scalars: collected(read.scalars), vectors: collected(read.vectors), tensors: collected(read.tensors))
  }

  /// Visits basis_fn, fiber_basis_fn, x_embedder, interaction_layers, read_out_layers and the buffers of grid.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("grid", &grid)
    visitor("basis_fn", &basis)
    visitor("fiber_basis_fn", &fiberBasis)
    visitor("x_embedder", &embedding)
    visitor("interaction_layers", &blocks)
    visitor("read_out_layers", &readouts)
  }
}
