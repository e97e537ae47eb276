"""Writes ponita_small.npz and ponita_small.safetensors beside this file: what the tests take of an evaluation of the authors' network.

    python ponita_extract.py FOLDER

FOLDER has ponita_small.npz and ponita_small.safetensors, one evaluation in double precision of PonitaFiberBundle of
github.com/ebekkers/ponita (MIT licence) with its state_dict and the gradient of sum(scalars^2) + sum(vectors^2) by each parameter. Of each
gradient, 24 entries at equal steps and the Euclidean norm are kept.
"""

import pathlib
import sys

import numpy as np
from safetensors.numpy import load_file, save_file

source, target = pathlib.Path(sys.argv[1]), pathlib.Path(__file__).parent
archive = np.load(source / "ponita_small.npz")
kept = {name: archive[name] for name in ("pos", "x", "vec", "edge_index", "ori_grid", "out_scalar", "out_vec")}
for name in archive.files:
    if name.startswith("grad/"):
        gradient = archive[name].ravel()
        kept[name] = gradient[(np.arange(24) * gradient.size) // 24]
        kept["norm/" + name[5:]] = np.linalg.norm(gradient)
np.savez_compressed(target / "ponita_small.npz", **kept)
weights = load_file(source / "ponita_small.safetensors")
save_file({k: v for k, v in weights.items() if "windowing" not in k and "callibrated" not in k}, target / "ponita_small.safetensors")
