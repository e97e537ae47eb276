import DifferentiableTensors
import NeuralModules

// The same model in the other element type: trained in `Float`, say, and checked in `Double`. One method a model, since Swift has no way to
// say "this generic type with another argument" in a protocol. The initial weights that are drawn on the way are replaced.

extension MLP {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> MLP<Other> {
    var source = RandomSource(seed: 0)
    return MLP<Other>(
      widths: [layers[0].weight.shape[1]] + layers.map { $0.weight.shape[0] }, activation: activation, activatesOutput: activatesOutput,
      lastBias: layers[layers.count - 1].bias != nil, using: &source
    ).withValues(of: self)
  }
}

extension EGNN {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> EGNN<Other> {
    var source = RandomSource(seed: 0)
    return EGNN<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension GNN {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> GNN<Other> {
    var source = RandomSource(seed: 0)
    return GNN<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension GalileanFlow {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> GalileanFlow<Other> {
    var source = RandomSource(seed: 0)
    return GalileanFlow<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension AdjacencyMLP {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> AdjacencyMLP<Other> {
    var source = RandomSource(seed: 0)
    return AdjacencyMLP<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension GIN {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> GIN<Other> {
    var source = RandomSource(seed: 0)
    return GIN<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension InvariantGraphNetwork {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> InvariantGraphNetwork<Other> {
    var source = RandomSource(seed: 0)
    return InvariantGraphNetwork<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension PPGN {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> PPGN<Other> {
    var source = RandomSource(seed: 0)
    return PPGN<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension SPEN {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> SPEN<Other> {
    var source = RandomSource(seed: 0)
    return SPEN<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension DGCNN {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> DGCNN<Other> {
    var source = RandomSource(seed: 0)
    return DGCNN<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension DeepSets {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> DeepSets<Other> {
    var source = RandomSource(seed: 0)
    return DeepSets<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension PointNet {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> PointNet<Other> {
    var source = RandomSource(seed: 0)
    return PointNet<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension SetTransformer {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> SetTransformer<Other> {
    var source = RandomSource(seed: 0)
    return SetTransformer<Other>(configuration, using: &source).withValues(of: self)
  }
}

extension FAGNN {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> FAGNN<Other> {
    var source = RandomSource(seed: 0)
    return FAGNN<Other>(
      configuration, degeneracy: frames.degeneracy, differentiableFrames: frames.isDifferentiable, trainingElements: trainingElements,
      using: &source
    ).withValues(of: self)
  }
}

extension PONITA {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> PONITA<Other> {
    var source = RandomSource(seed: 0)
    return PONITA<Other>(configuration, degeneracy: degeneracy, using: &source).withValues(of: self)
  }
}

extension LocalFramePointNet {
  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> LocalFramePointNet<Other> {
    var source = RandomSource(seed: 0)
    var result = LocalFramePointNet<Other>(configuration, using: &source).withValues(of: self)
    result.trainingElements = trainingElements
    return result
  }
}
