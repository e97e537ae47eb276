"""Writes the reference files of this folder: python make_references.py (needs numpy and scipy)."""

import pathlib

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
