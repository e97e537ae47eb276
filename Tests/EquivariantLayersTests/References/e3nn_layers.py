"""Writes e3nn_layers.json: layers of e3nn on random inputs, float64. Usage: python e3nn_layers.py e3nn_modules.npz

The arrays of the archive were made by e3nn too; see README.md.
"""

import json
import sys

import numpy as np
import torch
from e3nn import nn, o3
from e3nn.math import normalize2mom, soft_one_hot_linspace

torch.set_default_dtype(torch.float64)
torch.manual_seed(5)
out = {}


def put(name, **arrays):
    out[name] = {k: np.asarray(v.detach() if isinstance(v, torch.Tensor) else v).ravel().tolist() for k, v in arrays.items()}


archive = np.load(sys.argv[1])
for tag in ["linear", "gate", "norm_act_norm1_bias1", "norm_act_norm1_bias0", "s2act_silu_res20", "norm", "batchnorm_train"]:
    put(tag, **{k.split("/")[-1]: archive[k] for k in archive.files if k.startswith(tag + "/")})

# A linear layer with several terms of one irrep on both sides, both path normalisations.
for normalization in ["element", "path"]:
    layer = o3.Linear("3x0e+2x1o+2x0e+1x1o", "2x1o+4x0e+1x0e+2x1o", biases=True, path_normalization=normalization)
    torch.nn.init.normal_(layer.bias)
    x = layer.irreps_in.randn(5, -1)
    put(f"linear_{normalization}", in0=x, out=layer(x), weight=layer.weight, bias=layer.bias)

# Gates of mixed parity inside one gated term.
act = {"silu": torch.nn.functional.silu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "abs": torch.abs}
gate = nn.Gate("2x0o+3x0e", [torch.tanh, act["silu"]], "2x0o+4x0e", [torch.tanh, act["sigmoid"]], "5x1o+1x2e")
x = gate.irreps_in.randn(5, -1)
put("gate_mixed", in0=x, out=gate(x))

activation = nn.Activation("3x0e+2x0o+2x0o+1x1o", [act["silu"], torch.tanh, torch.abs, None])
x = activation.irreps_in.randn(5, -1)
put("activation", in0=x, out=activation(x))

# Batch normalisation: two steps of training, then evaluation; and with normalisation "norm".
for normalization in ["component", "norm"]:
    norm = nn.BatchNorm("3x0e+2x1o+2x2e+1x0o", normalization=normalization)
    torch.nn.init.normal_(norm.weight)
    torch.nn.init.normal_(norm.bias)
    xs = [norm.irreps.randn(6, 2, -1) + 0.3 for _ in range(3)]
    ys = [norm(xs[0]), norm(xs[1])]
    norm.eval()
    put(
        f"batchnorm_{normalization}", x0=xs[0], x1=xs[1], x2=xs[2], y0=ys[0], y1=ys[1], y2=norm(xs[2]), weight=norm.weight, bias=norm.bias,
        mean=norm.running_mean, variance=norm.running_var,
    )

r = torch.tensor([-0.3, 0.05, 0.4, 1.0, 1.7, 2.4, 2.95, 3.3])
for basis in ["gaussian", "cosine", "smooth_finite", "fourier", "bessel"]:
    for cutoff in [False, True]:
        put(f"{basis}_{int(cutoff)}", r=r, out=soft_one_hot_linspace(r, 0.0, 3.0, 5, basis=basis, cutoff=cutoff))

functions = {
    "identity": lambda x: x, "silu": act["silu"], "gelu": torch.nn.functional.gelu, "tanh": torch.tanh,
    "softplus": torch.nn.functional.softplus, "relu": torch.relu, "sigmoid": torch.sigmoid, "absolute": torch.abs,
    "elu": torch.nn.functional.elu,
}
put("normalize2mom", **{k: normalize2mom(f).cst for k, f in functions.items()})

with open("e3nn_layers.json", "w") as file:
    json.dump(out, file, separators=(",", ":"))
