"""The networks on clouds of points, written in PyTorch from their definitions, on random weights in double precision: writes
point_networks.json beside this file. Linear maps have weights [out, in]."""
import json, math, pathlib
import torch
import torch.nn.functional as F

torch.manual_seed(8)
torch.set_default_dtype(torch.float64)


class Net:
    """Parameters made when first asked for, by path, and one evaluation."""

    def __init__(self):
        self.p = {}

    def get(self, path, *shape, positive=False):
        if path not in self.p:
            self.p[path] = torch.rand(shape) + 0.5 if positive else torch.randn(shape) / math.sqrt(shape[-1])
        return self.p[path]

    def linear(self, path, x, out, bias=True):
        return F.linear(x, self.get(path + ".weight", out, x.shape[-1]), self.get(path + ".bias", out) if bias else None)

    def norm(self, path, x, training):
        w = x.shape[-1]
        weight, bias = self.get(path + ".weight", w), self.get(path + ".bias", w)
        mean, variance = self.get(path + ".running_mean", w), self.get(path + ".running_var", w, positive=True)
        return F.batch_norm(x.reshape(-1, w), mean, variance, weight, bias, training, 0.1, 1e-5).reshape(x.shape)

    def dense(self, path, x, out, training):
        return self.norm(path + ".norm", self.linear(path + ".linear", x, out, bias=False), training)

    def head(self, x, hidden, out, activation, training):
        for i, width in enumerate(hidden):
            x = activation(self.dense(f"head.layers.{i}", x, width, training))
        return self.linear("head.last", x, out)


def transform(net, path, x, widths, head, training):
    h, w = x, x.shape[-1]
    for i, width in enumerate(widths):
        h = F.relu(net.dense(f"{path}.layers.{i}", h, width, training))
    h = h.amax(1)
    for i, width in enumerate(head):
        h = F.relu(net.dense(f"{path}.head.{i}", h, width, training))
    return torch.bmm(x, net.linear(path + ".last", h, w * w).reshape(-1, w, w) + torch.eye(w))


def pointnet(net, x, training, widths, head, out, per_point, transforms):
    h, parts = x, []
    for i, width in enumerate(widths):
        if transforms and i in (0, len(widths) - 2):
            h = transform(net, f"layers.{i}.transform", h, [4, 6], [5], training)
        h = net.dense(f"layers.{i}", h, width, training)
        if i < len(widths) - 1:
            h = F.relu(h)
        parts.append(h)
    top = h.amax(1)
    if per_point:
        top = torch.cat(parts + [top[:, None].expand(-1, x.shape[1], -1)], -1)
    return net.head(top, head, out, F.relu, training)


def dgcnn(net, x, training, k, widths, embedding, head, out, per_point, pool):
    act = lambda t: F.leaky_relu(t, 0.2)
    reduce = (lambda t, d: t.amax(d)) if pool == "max" else (lambda t, d: t.mean(d))
    h, parts = x, []
    for i, layer in enumerate(widths):
        near = torch.cdist(h, h).topk(k, largest=False).indices
        neighbours = torch.stack([cloud[index] for cloud, index in zip(h, near)])
        centre = h[:, :, None].expand_as(neighbours)
        e = torch.cat([neighbours - centre, centre], -1)
        for j, width in enumerate(layer):
            e = act(net.dense(f"convolutions.{i}.{j}", e, width, training))
        h = reduce(e, 2)
        parts.append(h)
    local = torch.cat(parts, -1)
    top = reduce(act(net.dense("embedding", local, embedding, training)), 1)
    if per_point:
        top = torch.cat([local, top[:, None].expand(-1, x.shape[1], -1)], -1)
    return net.head(top, head, out, act, training)


def deepsets(net, x, training, widths, head, out, per_point, pool):
    reduce = {"max": lambda t: t.amax(1), "mean": lambda t: t.mean(1), "sum": lambda t: t.sum(1)}[pool]
    h = x
    for i, width in enumerate(widths):
        h = F.silu(net.linear(f"layers.{i}.own", h, width) + net.linear(f"layers.{i}.pooled", reduce(h), width, bias=False)[:, None])
    if not per_point:
        h = reduce(h)
    for i, width in enumerate(head):
        h = F.silu(net.linear(f"head.{2 * i}", h, width))
    return net.linear(f"head.{2 * len(head)}", h, out)


def set_transformer(net, x, training, width, heads, inducing, layers, out, per_point):
    def layer_norm(path, t):
        return F.layer_norm(t, (width,), net.get(path + ".weight", width), net.get(path + ".bias", width))

    def mab(path, q, k):
        d = width // heads
        a = [net.linear(f"{path}.attention.{name}", t, width) for name, t in [("query", q), ("key", k), ("value", k)]]
        found = [torch.softmax(a[0][..., s] @ a[1][..., s].mT / math.sqrt(d), -1) @ a[2][..., s] for s in
                 (slice(i * d, (i + 1) * d) for i in range(heads))]
        h = layer_norm(path + ".norms.0", q + net.linear(path + ".attention.output", torch.cat(found, -1), width))
        return layer_norm(path + ".norms.1", h + F.relu(net.linear(path + ".linear", h, width)))

    h = net.linear("embedding", x, width)
    for i in range(layers):
        points = net.get(f"layers.{i}.points", inducing, width).expand(x.shape[0], -1, -1)
        h = mab(f"layers.{i}.spread", h, mab(f"layers.{i}.gather", points, h))
    if not per_point:
        seed = net.get("pooling.seed", 1, width).expand(x.shape[0], -1, -1)
        h = mab("pooling.block", seed, F.relu(net.linear("pooling.linear", h, width)))[:, 0]
    return net.linear("last", h, out)


cases = {
    "pointnet-points": (pointnet, dict(widths=[4, 5, 5, 6, 7], head=[6, 5], out=3, per_point=True, transforms=True)),
    "pointnet-clouds": (pointnet, dict(widths=[4, 6], head=[5], out=4, per_point=False, transforms=False)),
    "dgcnn-points": (dgcnn, dict(k=3, widths=[[4, 4], [5]], embedding=6, head=[5], out=2, per_point=True, pool="max")),
    "dgcnn-clouds": (dgcnn, dict(k=4, widths=[[4], [5]], embedding=6, head=[5], out=3, per_point=False, pool="mean")),
    "deepsets-points": (deepsets, dict(widths=[4, 5], head=[4], out=3, per_point=True, pool="mean")),
    "deepsets-clouds": (deepsets, dict(widths=[4, 5], head=[], out=2, per_point=False, pool="sum")),
    "set-transformer-points": (set_transformer, dict(width=4, heads=2, inducing=3, layers=2, out=3, per_point=True)),
    "set-transformer-clouds": (set_transformer, dict(width=4, heads=2, inducing=3, layers=1, out=2, per_point=False)),
}
record = {}
for name, (function, settings) in cases.items():
    net, x = Net(), torch.randn(4, 6, 3)
    evaluation = function(net, x, False, **settings)
    parameters = {key: value.clone() for key, value in net.p.items()}
    training = function(net, x, True, **settings)
    running = {key: value for key, value in net.p.items() if ".running_" in key}
    flat = lambda t: t.reshape(-1).tolist()
    record[name] = {
        "parameters": {key: flat(value) for key, value in parameters.items()}, "x": flat(x), "evaluation": flat(evaluation),
        "training": flat(training), "running": {key: flat(value) for key, value in running.items()},
    }
pathlib.Path(__file__).with_name("point_networks.json").write_text(json.dumps(record) + "\n")
