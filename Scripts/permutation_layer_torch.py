"""The linear layer from matrices to matrices with its 15 operations in PyTorch, for comparison with `benchmarks permutations`.

    python3 Scripts/permutation_layer_torch.py [--threads 1] [--runs 20]

As usually written (Maron et al. 2019): all operations are stacked, [graphs, channels, 15, n, n], and one einsum mixes operations and channels.
The second figure avoids the stack: it mixes channels of the small tensors first and broadcasts afterwards. Forward and backward by input and
weights in float32; prints one JSON line for each, like the benchmarks.
"""
import argparse
import json
import time

import torch


def operations(x):
    """x [b, c, n, n] -> [b, c, 15, n, n], sums divided by the number of their terms."""
    n = x.shape[-1]
    diagonal = torch.diagonal(x, dim1=2, dim2=3)
    rows, columns = x.mean(3), x.mean(2)
    trace, total = diagonal.mean(2, keepdim=True), x.mean((2, 3))[..., None]
    parts = [torch.diag_embed(v) for v in (diagonal, trace.expand(-1, -1, n), rows, columns, total.expand(-1, -1, n))]
    for v in (diagonal, rows, columns):
        parts += [v[..., :, None].expand_as(x), v[..., None, :].expand_as(x)]
    parts += [x, x.transpose(2, 3), trace[..., None].expand_as(x), total[..., None].expand_as(x)]
    return torch.stack(parts, 2)


def stacked(x, w):
    return torch.einsum("dck,bckij->bdij", w, operations(x))


def factored(x, w):
    n = x.shape[-1]
    diagonal = torch.diagonal(x, dim1=2, dim2=3)
    vectors = torch.stack([diagonal, x.mean(3), x.mean(2)], 2)
    sums = torch.stack([diagonal.mean(2), x.mean((2, 3))], 2)
    mix = lambda weight, value: torch.einsum("dck,bck...->bd...", weight, value)
    on_diagonal = mix(w[..., [0, 2, 3]], vectors) + mix(w[..., [1, 4]], sums)[..., None]
    along_rows = mix(w[..., [5, 7, 9]], vectors) + mix(w[..., [13, 14]], sums)[..., None]
    along_columns = mix(w[..., [6, 8, 10]], vectors)
    full = mix(w[..., [11, 12]], torch.stack([x, x.transpose(2, 3)], 2))
    return full + along_rows[..., :, None] + along_columns[..., None, :] + torch.diag_embed(on_diagonal)


parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--runs", type=int, default=20)
parser.add_argument("--nodes", type=int, default=30)
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--channels", type=int, default=32)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(1)
n, b, c = arguments.nodes, arguments.batch, arguments.channels
x = torch.randn(b, c, n, n, requires_grad=True)
w = torch.randn(c, c, 15, requires_grad=True)
seed = torch.randn(b, c, n, n)
assert torch.allclose(stacked(x, w), factored(x, w), atol=1e-3)
for name, function in (("stacked", stacked), ("factored", factored)):
    times = []
    for run in range(arguments.runs + 1):
        x.grad = w.grad = None
        start = time.perf_counter()
        function(x, w).backward(seed)
        times.append(time.perf_counter() - start)
    times = sorted(times[1:])
    line = {"name": "permutations/torch/" + name, "seconds": round(times[len(times) // 2], 5), "min": round(times[0], 5)}
    print(json.dumps(line | {"runs": len(times), "threads": arguments.threads}))
