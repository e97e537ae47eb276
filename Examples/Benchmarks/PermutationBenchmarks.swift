import Equivariant

/// Benchmarks of the linear layer from matrices to matrices, for 64 sets of 30 points and 32 channels in Float: the forward pass, and
/// forward and backward with gradients with respect to features and weights. `Scripts/permutation_layer_torch.py` times the same in
/// PyTorch.
struct PermutationBenchmarks {
  let bench: Bench
  private let sets = 64, points = 30, channels = 32

  func run() {
    var generator = RandomSource(seed: 1)
    let feature = TupleFeature.order(2, channels: channels)
    let layer = PermutationLinear<Float>(from: [feature], to: [feature], using: &generator)
    let space = TupleSpace(sizes: Array(repeating: points, count: sets))
    let count = space.rowCount(order: 2)
    let x = Tensor<Float>.normal([count, channels], using: &generator)
    let seed = Tensor<Float>.normal([count, channels], using: &generator)
    let parameters: [String: Any] = ["sets": sets, "points": points, "channels": channels]
    for threads in bench.threadCounts {
      Threads.count = threads
      bench.time("permutations/linear/forward", parameters) { withoutRecording { _ = layer([x], on: space) } }
      bench.time("permutations/linear/forward_backward", parameters) {
        var variables = [x.asVariable()]
        var moved = layer
        moved.forEachTensor { _, _, tensor in
          tensor = tensor.asVariable()
          variables.append(tensor)
        }
        _ = gradient(of: moved([variables[0]], on: space)[0], withRespectTo: variables, seed: seed)
      }
    }
    // What a batch of other sizes costs before its first layer.
    bench.time("permutations/linear/tables", parameters) {
      withoutRecording { _ = layer([x], on: TupleSpace(sizes: Array(repeating: points, count: sets))) }
    }
  }
}
