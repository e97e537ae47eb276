"""Writes the reference files of this folder: python make_references.py (needs numpy, scipy and networkx)."""

import pathlib

import networkx
import numpy
import scipy.spatial

folder = pathlib.Path(__file__).parent
generator = numpy.random.default_rng(5)
points, queries = generator.normal(size=(300, 3)), generator.normal(size=(40, 3))
tree = scipy.spatial.cKDTree(points)
distances, indices = tree.query(queries, k=9)
radius = 0.6
lists = [sorted(near, key=lambda j: numpy.sum((points[j] - query) ** 2)) for query, near in zip(queries, tree.query_ball_point(queries, radius))]
numpy.savez(
    folder / "nearest_neighbors.npz", points=points, queries=queries, distances=distances, indices=indices, radius=radius,
    counts=numpy.array([len(near) for near in lists]), within=numpy.concatenate(lists).astype("i8"))

# Graphs with isolated nodes, one without edges and one without nodes; ego networks of 0 to 3 hops around each node.
graphs = [networkx.gnp_random_graph(n, p, seed=k) for k, (n, p) in enumerate([(9, 0.25), (1, 0), (14, 0.12), (0, 0), (4, 0), (8, 1)])]
graphs += [networkx.petersen_graph(), networkx.path_graph(7), networkx.lollipop_graph(4, 3)]
egos = [
    networkx.ego_graph(graph, node, radius=hops) for hops in range(4) for graph in graphs for node in sorted(graph.nodes)]
numpy.savez_compressed(
    folder / "ego_graphs.npz", n_nodes=numpy.array([len(graph) for graph in graphs]),
    n_edges=numpy.array([graph.size() for graph in graphs]),
    edges=numpy.array([sorted(edge) for graph in graphs for edge in graph.edges]),
    ego_counts=numpy.array([len(ego) for ego in egos]), ego_nodes=numpy.array([node for ego in egos for node in sorted(ego.nodes)]),
    ego_edge_counts=numpy.array([ego.size() for ego in egos]),
    ego_edges=numpy.array([edge for ego in egos for edge in sorted(tuple(sorted(e)) for e in ego.edges)]))
