"""Permutation-equivariant linear layers written out with torch.einsum, one line for each basis element (Maron et al. 2019, appendix A).

Sums are divided by the number of entries summed. Key of an element: letters of the output's indices, an arrow, letters of the input's.
"""
import json
from pathlib import Path

import torch

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)


def from_pairs(x):
    """x [c, n, n] -> {element: tensor}."""
    n = x.shape[-1]
    one, eye = torch.ones(n), torch.eye(n)
    diagonal = torch.einsum("cii->ci", x)
    rows, columns = torch.einsum("cij->ci", x) / n, torch.einsum("cij->cj", x) / n
    trace, total = torch.einsum("cii->c", x) / n, torch.einsum("cij->c", x) / n**2
    pairs = {"ab<-ab": x, "ab<-ba": torch.einsum("cij->cji", x)}
    vectors = {"a<-aa": diagonal, "a<-ab": rows, "a<-ba": columns}
    for name, v in (("aa", diagonal), ("ab", rows), ("ba", columns)):
        letters = name.replace("b", "c")
        pairs["aa<-" + name] = torch.einsum("ci,ij->cij", v, eye)
        pairs["ab<-" + letters] = torch.einsum("ci,j->cij", v, one)
        pairs["ba<-" + letters] = torch.einsum("cj,i->cij", v, one)
    for name, s in (("bb", trace), ("bc", total)):
        pairs["aa<-" + name] = torch.einsum("c,ij->cij", s, eye)
        letters = name.translate(str.maketrans("bc", "cd"))
        pairs["ab<-" + letters] = torch.einsum("c,i,j->cij", s, one, one)
        vectors["a<-" + name] = torch.einsum("c,i->ci", s, one)
    return pairs, vectors


def from_points(x):
    """x [c, n] -> {element: tensor}."""
    n = x.shape[-1]
    one, eye = torch.ones(n), torch.eye(n)
    mean = torch.einsum("ci->c", x) / n
    pairs = {
        "aa<-a": torch.einsum("ci,ij->cij", x, eye),
        "ab<-a": torch.einsum("ci,j->cij", x, one),
        "ba<-a": torch.einsum("cj,i->cij", x, one),
        "aa<-b": torch.einsum("c,ij->cij", mean, eye),
        "ab<-c": torch.einsum("c,i,j->cij", mean, one, one),
    }
    return pairs, {"a<-a": x, "a<-b": torch.einsum("c,i->ci", mean, one)}


def flat(x):
    """[c, ...] -> rows of channels."""
    return x.movedim(0, -1).reshape(-1).tolist()


cin, cout = 2, 3
cases = {"sizes": {"sizes": [3.0, 5.0], "channels": [float(cin), float(cout)]}}
graphs = [(torch.randn(cin, n, n), torch.randn(cin, n)) for n in (3, 5)]


def random_parameters():
    weights = {}
    for source, function in ((0, from_pairs), (1, from_points)):
        for elements in function(graphs[0][source]):
            for element in elements:
                weights[element] = torch.randn(cout, cin)
    assert len(weights) == 15 + 5 + 5 + 2
    return weights, {"aa": torch.randn(cout), "ab": torch.randn(cout), "a": torch.randn(cout)}


def layer(x2, x1, weights, bias):
    y2, y1 = torch.zeros(cout, *x2.shape[1:]), torch.zeros(cout, x1.shape[1])
    for pairs, vectors in (from_pairs(x2), from_points(x1)):
        for element, value in pairs.items():
            y2 = y2 + torch.einsum("dc,cij->dij", weights[element], value)
        for element, value in vectors.items():
            y1 = y1 + torch.einsum("dc,ci->di", weights[element], value)
    y2 = y2 + bias["ab"][:, None, None] + torch.diag_embed(bias["aa"][:, None].expand(cout, x1.shape[1]))
    return y2, y1 + bias["a"][:, None]


def note_parameters(tag, weights, bias):
    cases["weights" + tag] = {k: v.reshape(-1).tolist() for k, v in weights.items()}
    cases["bias" + tag] = {k: v.tolist() for k, v in bias.items()}


parameters = random_parameters()
result = {"x2": [], "x1": [], "y2": [], "y1": []}
for x2, x1 in graphs:
    y2, y1 = layer(x2, x1, *parameters)
    for name, value in (("x2", x2), ("x1", x1), ("y2", y2), ("y1", y1)):
        result[name] += flat(value)
cases["features"] = result
note_parameters("", *parameters)

# A layer on the ego networks of one hop of a triangle with a tail and a node by itself: the maps above with the weights of the ego network's
# size (up to 2 nodes, or more), and the mean over the ego networks that have a pair or a node. Pairs in lexicographic order.
n, edges = 6, [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4)]
egos = [sorted({i} | {a + b - i for a, b in edges if i in (a, b)}) for i in range(n)]
small, large = random_parameters(), random_parameters()
x2, x1 = torch.randn(cin, n, n), torch.randn(cin, n)
sums, counts = [torch.zeros(cout, n, n), torch.zeros(cout, n)], [torch.zeros(n, n), torch.zeros(n)]
for ego in egos:
    i = torch.tensor(ego)
    y2, y1 = layer(x2[:, i][:, :, i], x1[:, i], *(small if len(ego) <= 2 else large))
    sums[0][:, i[:, None], i] += y2
    sums[1][:, i] += y1
    counts[0][i[:, None], i] += 1
    counts[1][i] += 1
pairs = [(a, b) for a in range(n) for b in range(n) if counts[0][a, b] > 0]
rows, columns = torch.tensor([a for a, _ in pairs]), torch.tensor([b for _, b in pairs])
cases["egos"] = {
    "edges": [float(v) for edge in edges for v in edge], "pairs": [float(v) for pair in pairs for v in pair],
    "x2": flat(x2[:, rows, columns]), "x1": flat(x1),
    "y2": flat((sums[0] / counts[0])[:, rows, columns]), "y1": flat(sums[1] / counts[1]),
}
note_parameters("2", *small)
note_parameters("3", *large)
Path(__file__).with_name("permutation_layers.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
