import DifferentiableTensors
import NeuralModules
import Requirements

/// What every optimizer does with a module.
extension Module {
  /// Zeros of the shape of each parameter, and the settings of each: those of its group, by its path, or those of all.
  func optimizerStart<Settings>(
    _ settings: Settings, _ groups: (String) -> Settings?
  ) -> (zeros: [Tensor<Scalar>], settings: [Settings]) {
    let parameters = namedTensors.filter { $0.role == .parameter }
    return (parameters.map { .zeros($0.tensor.shape) }, parameters.map { groups($0.path) ?? settings })
  }

  /// Calls `body` with the number, the tensor and the gradient of each parameter; traps where a gradient does not fit.
  mutating func forEachParameter(
    along gradient: ParameterGradient<Scalar>, count: Int, _ body: (Int, inout Tensor<Scalar>, Tensor<Scalar>) -> Void
  ) {
    require(gradient.tensors.count == count, "a gradient of \(count) tensors is expected, received \(gradient.tensors.count)")
    var i = 0
    forEachTensor { path, role, tensor in
      guard role == .parameter else { return }
      require(
        tensor.shape == gradient.tensors[i].shape,
        "a gradient of shape \(tensor.shape) is expected for \(path), received \(gradient.tensors[i].shape)")
      body(i, &tensor, gradient.tensors[i])
      i += 1
    }
  }
}
