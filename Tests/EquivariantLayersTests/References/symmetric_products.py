"""Writes symmetric_products.json: bases of symmetrised tensor products by e3nn 0.6.0, evaluated at random features.

For each case the features of the indices [points][dimension] and, for each wanted irrep, the value of every basis element at them,
[basis][points][2l+1], rounded to 12 significant digits.
"""

import json

import torch
from e3nn import o3

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)


def rounded(t):
    return [float(f"{v:.12g}") for v in t.reshape(-1).tolist()]


def case(formula, irreps, wanted, points, same=True, **others):
    letters = sorted(set(formula.split("=")[0].replace("-", "")), key=formula.split("=")[0].replace("-", "").index)
    first = letters[0]
    product = o3.ReducedTensorProducts(formula, filter_ir_out=wanted, **{first: irreps}, **others)
    basis = product.change_of_basis
    xs = [torch.randn(points, o3.Irreps(irreps).dim)] if same else [torch.randn(points, o3.Irreps(irreps).dim) for _ in letters]
    value = basis
    operands = [xs[0] if same else xs[k] for k in range(len(letters))]
    equation = "z" + "".join(letters) + "," + ",".join("b" + c for c in letters) + "->bz"
    value = torch.einsum(equation, basis, *operands)
    result = {"formula": formula, "irreps": irreps, "x": [rounded(x) for x in xs], "points": points, "values": {}}
    for (mul, ir), s in zip(product.irreps_out, product.irreps_out.slices()):
        v = value[:, s].reshape(points, mul, ir.dim).transpose(0, 1)
        result["values"].setdefault(str(ir), [])
        result["values"][str(ir)] += [rounded(b) for b in v]
    return result


cases = [
    case("ijk=jik=ikj", "1x0e+1x1o+1x2e", ["0e", "1o"], 24),
    case("ij=ji", "1x0e+1x1o+1x2e+1x3o", ["0e", "1o", "2e"], 12),
    case("ij=ji", "1x1o", None, 4, same=False),
    case("ij=-ji", "1x1o", None, 4, same=False),
    case("ijkl=jikl=ijlk=klij", "1x1o", None, 6, same=False),
    case("ijk=-jik", "1x1o+1x0e", ["0o", "1o", "1e", "2o"], 12, same=False, k="1x1o+1x0e"),
]
json.dump(cases, open("symmetric_products.json", "w"))
