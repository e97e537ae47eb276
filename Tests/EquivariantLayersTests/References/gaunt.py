"""Makes gaunt.json: products of functions on the sphere by other people's harmonics. Arguments: gaunt_tp.npz, gaunt.json."""
import json
import sys

import numpy as np
import torch
from e3nn import o3
from scipy.special import lpmv, factorial

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(7)
cosines, weights = np.polynomial.legendre.leggauss(20)
azimuths = 2 * np.pi * np.arange(41) / 41
mean = np.repeat(weights / 2 / 41, 41)


def scipy_harmonics(degree):
    """Component normalisation, polar axis y, azimuth from z to x; [points, (degree + 1)^2]."""
    columns = []
    for l in range(degree + 1):
        for m in range(-l, l + 1):
            a = abs(m)
            norm = np.sqrt((2 * l + 1) * factorial(l - a) / factorial(l + a) * (2 if m else 1)) * (-1) ** a
            wave = np.sin(a * azimuths) if m < 0 else np.cos(a * azimuths)
            columns.append((norm * lpmv(a, l, cosines)[:, None] * wave).reshape(-1))
    return np.stack(columns, -1)


def e3nn_gradients(degree):
    """Gradients of e3nn's harmonics as functions of the direction; [points, (degree + 1)^2, 3], and the points."""
    s = np.sqrt(1 - cosines**2)[:, None]
    points = np.stack([s * np.sin(azimuths), np.broadcast_to(cosines[:, None], (20, 41)), s * np.cos(azimuths)], -1).reshape(-1, 3)
    p = torch.tensor(points, requires_grad=True)
    y = o3.spherical_harmonics(list(range(degree + 1)), p, normalize=True, normalization="component")
    return np.stack([torch.autograd.grad(y[:, i].sum(), p, retain_graph=True)[0].numpy() for i in range(y.shape[1])], 1), points


cases = {}
archive = np.load(sys.argv[1])
for l in (2, 4):
    x, y, z = (archive[f"lmax{l}/{k}"].astype(np.float64) for k in ("x", "y", "out_f64_w3j"))
    cases[f"authors{l}"] = {"degrees": [l, l, 2 * l], "x": x, "y": y, "z": z}
for l1, l2, l3 in ((3, 3, 6), (5, 2, 4), (6, 6, 6)):
    x, y = rng.standard_normal((2, 3, (l1 + 1) ** 2)), rng.standard_normal((2, 3, (l2 + 1) ** 2))
    f, g = x @ scipy_harmonics(l1).T, y @ scipy_harmonics(l2).T
    cases[f"scipy{l1}{l2}{l3}"] = {"degrees": [l1, l2, l3], "x": x, "y": y, "z": (f * g * mean) @ scipy_harmonics(l3)}
for l1, l2, l3 in ((2, 2, 3), (4, 2, 5), (5, 5, 4)):
    x, y = rng.standard_normal((2, 3, (l1 + 1) ** 2)), rng.standard_normal((2, 3, (l2 + 1) ** 2))
    (d1, points), (d2, _) = e3nn_gradients(l1), e3nn_gradients(l2)
    f, g = np.einsum("bci,pid->bcpd", x, d1), np.einsum("bci,pid->bcpd", y, d2)
    h = np.einsum("pd,bcpd->bcp", points, np.cross(f, g))
    cases[f"e3nn{l1}{l2}{l3}"] = {"degrees": [l1, l2, l3], "x": x, "y": y, "z": (h * mean) @ scipy_harmonics(l3)}
for case in cases.values():
    for k in ("x", "y", "z"):
        # Channels innermost.
        case[k] = [float(f"{v:.17g}") for v in np.swapaxes(case[k], 1, 2).reshape(-1)]
json.dump(cases, open(sys.argv[2], "w"))
