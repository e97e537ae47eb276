"""Writes e3nn_products.json: tensor products of e3nn 0.6.0 in double, of every connection and normalisation."""
import json
import torch
from e3nn import o3

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
cases = {}


def add(name, product, weight=None, rows=3, **more):
    if name == "tensor_square":
        x = product.irreps_in.randn(rows, -1)
        inputs = [x]
    else:
        inputs = [product.irreps_in1.randn(rows, -1), product.irreps_in2.randn(rows, -1)]
    if weight is None and product.weight_numel:
        weight = product.weight
    out = product(*inputs, weight) if weight is not None else product(*inputs)
    case = {f"in{i}": x.flatten().tolist() for i, x in enumerate(inputs)}
    case["out"] = out.flatten().tolist()
    if weight is not None:
        case["weight"] = weight.detach().flatten().tolist()
    cases[name] = {k: [round(v, 15) for v in vs] for k, vs in case.items()}
    text = [f"({i.i_in1}, {i.i_in2}, {i.i_out}, {i.connection_mode})" for i in product.instructions]
    print(name, getattr(product, "irreps_in1", ""), "|", getattr(product, "irreps_in2", ""), "|", product.irreps_out, " ".join(text))


for irrep in ("component", "norm"):
    for path in ("element", "path"):
        add(f"fctp_{irrep}_{path}", o3.FullyConnectedTensorProduct(
            "3x0e+2x1o+1x2e", "2x0e+2x1o+1x1e", "2x0e+1x0o+2x1o+1x1e+1x2e+1x2o",
            irrep_normalization=irrep, path_normalization=path), rows=2)
modes = [(0, 0, 0, "uvu", True), (1, 1, 0, "uvw", True, 2.0), (0, 0, 0, "uuw", True), (0, 0, 0, "uuu", False), (1, 2, 1, "uvv", True),
         (0, 1, 2, "uvv", False), (0, 0, 3, "uvuv", True), (0, 0, 4, "uvu", False), (1, 2, 5, "uuu", True), (0, 0, 6, "uvu<v", True)]
for irrep in ("component", "norm"):
    for path in ("element", "path"):
        add(f"modes_{irrep}_{path}", o3.TensorProduct(
            "2x1o+3x2e", "2x1o+3x1e+3x2e", "2x1e+3x3e+3x1o+4x2e+2x2e+3x4e+1x0e", modes,
            irrep_normalization=irrep, path_normalization=path), rows=2)
external = o3.TensorProduct("4x0e+3x1o", "2x0e+2x1o", "4x0e+3x1o+4x1o+3x1e", [
    (0, 0, 0, "uvu", True), (1, 0, 1, "uvu", True), (0, 1, 2, "uvu", True), (1, 1, 3, "uvu", True)],
    shared_weights=False, internal_weights=False)
add("weights_of_rows", external, weight=torch.randn(3, external.weight_numel))
add("full", o3.FullTensorProduct("2x0e+1x1o", "1x0e+2x1o+1x2o"))
add("elementwise", o3.ElementwiseTensorProduct("2x0e+2x1o+3x2e", "2x1o+2x2e+3x1e"))
add("tensor_square", o3.TensorSquare("2x0e+2x1o+1x2e"))
json.dump(cases, open("e3nn_products.json", "w"))
