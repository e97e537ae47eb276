"""Writes the geometry files of this folder: python make_geometry.py (needs numpy, plyfile and trimesh)."""

import pathlib

import numpy
import plyfile
import trimesh

folder = pathlib.Path(__file__).parent

# A square pyramid: four triangles and a square, as one polygon; the numbers have exact binary forms.
corners = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0), (0, 0, 1.5)]
vertex = numpy.zeros(
    5, [("nx", "f4"), ("red", "u1"), ("z", "f8"), ("ny", "f4"), ("x", "f4"), ("nz", "f4"), ("quality", "i2"), ("y", "f4")])
for row, (x, y, z) in zip(vertex, corners):
    row["x"], row["y"], row["z"] = x, y, z
    row["nx"], row["ny"], row["nz"] = 0.5 * x, 0.5 * y, z - 0.25
    row["red"], row["quality"] = 200, -3
faces = numpy.empty(5, [("vertex_indices", "O"), ("flags", "u1")])
for row, face in zip(faces, [[0, 3, 2, 1], [0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]]):
    row["vertex_indices"], row["flags"] = numpy.array(face, "i4"), 7
edges = numpy.array([(0, 1), (1, 2)], [("vertex1", "i4"), ("vertex2", "i4")])
elements = [
    plyfile.PlyElement.describe(edges, "edge"),
    plyfile.PlyElement.describe(faces, "face", len_types={"vertex_indices": "u1"}),
    plyfile.PlyElement.describe(vertex, "vertex"),
]
for name, text, order in [("ascii", True, "="), ("little", False, "<"), ("big", False, ">")]:
    plyfile.PlyData(elements, text=text, byte_order=order, comments=["a pyramid"]).write(folder / f"pyramid_{name}.ply")

mesh = trimesh.Trimesh(corners, [[0, 3, 2], [0, 2, 1], [0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]], process=False)
mesh.export(folder / "pyramid_trimesh.off")
mesh.export(folder / "pyramid_trimesh.ply", vertex_normal=False)
