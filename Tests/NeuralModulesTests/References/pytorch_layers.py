"""Values of PyTorch's BatchNorm1d and MultiheadAttention in double precision: writes pytorch-layers.json beside this file."""
import json, pathlib
import torch

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)
flat = lambda t: t.detach().reshape(-1).tolist()

norm = torch.nn.BatchNorm1d(3)
torch.nn.init.normal_(norm.weight)
torch.nn.init.normal_(norm.bias)
batch = {"weight": flat(norm.weight), "bias": flat(norm.bias), "x": [], "y": [], "gradX": [], "gradWeight": [], "gradBias": []}
for _ in range(2):
    x = (torch.randn(6, 3) * torch.tensor([1.0, 3.0, 0.2]) + torch.tensor([0.0, 5.0, -1.0])).requires_grad_()
    norm.zero_grad()
    y = norm(x)
    (y**3).sum().backward()
    for key, value in [("x", x), ("y", y), ("gradX", x.grad), ("gradWeight", norm.weight.grad), ("gradBias", norm.bias.grad)]:
        batch[key].append(flat(value))
batch["runningMean"], batch["runningVariance"] = flat(norm.running_mean), flat(norm.running_var)
norm.eval()
x = torch.randn(4, 3)
batch["evaluationX"], batch["evaluationY"] = flat(x), flat(norm(x))

attention = torch.nn.MultiheadAttention(6, 3, kdim=4, vdim=4, batch_first=True)
for p in attention.parameters():
    torch.nn.init.normal_(p, std=0.7)
q, k = torch.randn(2, 5, 6).requires_grad_(), torch.randn(2, 4, 4).requires_grad_()
y = attention(q, k, k, need_weights=False)[0]
(y**3).sum().backward()
bias = attention.in_proj_bias
heads = {
    "queryWeight": flat(attention.q_proj_weight), "keyWeight": flat(attention.k_proj_weight), "valueWeight": flat(attention.v_proj_weight),
    "queryBias": flat(bias[:6]), "keyBias": flat(bias[6:12]), "valueBias": flat(bias[12:]),
    "outputWeight": flat(attention.out_proj.weight), "outputBias": flat(attention.out_proj.bias),
    "queries": flat(q), "keys": flat(k), "y": flat(y), "gradQueries": flat(q.grad), "gradKeys": flat(k.grad),
    "gradQueryWeight": flat(attention.q_proj_weight.grad),
}
path = pathlib.Path(__file__).with_name("pytorch-layers.json")
path.write_text(json.dumps({"batchNorm": batch, "attention": heads}) + "\n")
