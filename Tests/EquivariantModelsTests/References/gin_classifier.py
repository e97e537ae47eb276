"""The classifier of Xu et al. 2019, written in PyTorch from its definition, on random weights in double precision: writes gin_classifier.json
beside this file. Three graphs with 2 features a node; hidden width 4, two layers that pass messages, three classes."""
import json, math, pathlib
import networkx
import torch
import torch.nn.functional as F

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
graphs = [networkx.house_graph(), networkx.star_graph(3), networkx.path_graph(3)]
adjacency = torch.block_diag(*[torch.tensor(networkx.to_numpy_array(graph)) for graph in graphs])
membership = torch.cat([torch.full((len(graph),), k) for k, graph in enumerate(graphs)])
pooling = F.one_hot(membership).double().T
features = torch.randn(adjacency.shape[0], 2)
width, hidden, classes = 2, 4, 3
p = {}
for k in range(2):
    p[f"convs.{k}.eps"] = torch.rand(1)
    for i in range(2):
        inputs = width if k == i == 0 else hidden
        p[f"convs.{k}.nn.{2 * i}.weight"], p[f"convs.{k}.nn.{2 * i}.bias"] = torch.randn(hidden, inputs) / math.sqrt(inputs), torch.randn(hidden)
        name = f"convs.{k}.norms.{i}"
        p[name + ".weight"], p[name + ".bias"] = torch.rand(hidden) + 0.5, torch.randn(hidden)
        p[name + ".running_mean"], p[name + ".running_var"] = torch.randn(hidden), torch.rand(hidden) + 0.5
for k, inputs in enumerate([width, hidden, hidden]):
    p[f"heads.{k}.0.weight"], p[f"heads.{k}.0.bias"] = torch.randn(classes, inputs), torch.randn(classes)
parameters = {name: value.flatten().tolist() for name, value in p.items()}


def network(training):
    h = features
    states = [h]
    for k in range(2):
        h = (1 + p[f"convs.{k}.eps"]) * h + adjacency @ h
        for i in range(2):
            h = F.linear(h, p[f"convs.{k}.nn.{2 * i}.weight"], p[f"convs.{k}.nn.{2 * i}.bias"])
            name = f"convs.{k}.norms.{i}"
            h = F.batch_norm(h, p[name + ".running_mean"], p[name + ".running_var"], p[name + ".weight"], p[name + ".bias"], training).relu()
        states.append(h)
    return sum(F.linear(pooling @ h, p[f"heads.{k}.0.weight"], p[f"heads.{k}.0.bias"]) for k, h in enumerate(states))


# Evaluation first: training moves the running statistics.
evaluation, training = network(False), network(True)
running = {name: value.tolist() for name, value in p.items() if "running" in name}
result = {"parameters": parameters, "running": running, "features": features.flatten().tolist(), "nodes": [len(graph) for graph in graphs]}
result["edges"] = [[list(edge) for edge in graph.edges] for graph in graphs]
result |= {"evaluation": evaluation.flatten().tolist(), "training": training.flatten().tolist()}
(pathlib.Path(__file__).parent / "gin_classifier.json").write_text(json.dumps(result))
