"""Writes harmonic-conventions.npz: spherical harmonics of four other programs at three points, degrees 0 ... 6, degree by degree.

Each program in its own convention and order, with its defaults. scipy's are stored as real and imaginary parts, orders -l ... l.
Run: python harmonic_conventions.py (scipy 1.17.1, sphericart 2.0.4, e3x 1.0.2 with jax 0.10.1, cuequivariance 0.13.0).
"""
import jax
import numpy as np

jax.config.update("jax_enable_x64", True)

import cuequivariance
import e3x
import sphericart
from scipy.special import sph_harm_y

TOP = 6
points = np.array([[1.0, 2.0, 3.0], [-0.3, 0.5, -1.2], [0.0, -0.7, 0.2]])
radius = np.linalg.norm(points, axis=1)
polar, azimuth = np.arccos(points[:, 2] / radius), np.arctan2(points[:, 1], points[:, 0])
scipy_values = np.stack([sph_harm_y(l, m, polar, azimuth) for l in range(TOP + 1) for m in range(-l, l + 1)], axis=1)
cue = cuequivariance.descriptors.spherical_harmonics(cuequivariance.SO3(1), list(range(TOP + 1))).polynomial
np.savez_compressed(
    "harmonic-conventions.npz",
    points=points,
    scipy_real=scipy_values.real,
    scipy_imaginary=scipy_values.imag,
    sphericart=sphericart.SphericalHarmonics(TOP).compute(points),
    e3x=np.array(e3x.so3.spherical_harmonics(points, TOP)),
    cuEquivariance=np.array([cue(p / np.linalg.norm(p))[0] for p in points]),
)
