"""Makes harmonics.npz: orthonormal real spherical harmonics to 50 digits, rounded to double. Needs numpy and mpmath.

Associated Legendre functions by the textbook recurrence in the degree, in 50-digit arithmetic. Polar axis y, no Condon-Shortley sign,
index l^2 + l + m. Points are float32 numbers, so that one file serves both precisions; they are normalised in 50 digits.
"""
import mpmath as mp
import numpy as np

mp.mp.dps = 50
DEGREES = [0, 1, 2, 3, 4, 5, 6, 8, 11, 12, 16, 24, 32, 48, 64, 96, 128]


def harmonics(point):
    x, y, z = (mp.mpf(float(v)) for v in point)
    r = mp.sqrt(x * x + y * y + z * z)
    X, Y, Z = z / r, x / r, y / r
    top = max(DEGREES)
    powers = [(mp.mpf(1), mp.mpf(0))]
    for _ in range(top):
        c, s = powers[-1]
        powers.append((c * X - s * Y, c * Y + s * X))
    values = {}
    for m in range(top + 1):
        # q_l = P_l^m / sin^m without the sign: q_m = (2m - 1)!!, (l - m) q_l = (2l - 1) Z q_{l-1} - (l + m - 1) q_{l-2}
        q = {m: mp.fac2(2 * m - 1) if m else mp.mpf(1)}
        for l in range(m + 1, top + 1):
            q[l] = ((2 * l - 1) * Z * q[l - 1] - (l + m - 1) * q.get(l - 2, 0)) / (l - m)
        for l in DEGREES:
            if l < m:
                continue
            norm = mp.sqrt((2 * l + 1) / (4 * mp.pi) * mp.factorial(l - m) / mp.factorial(l + m) * (2 if m else 1))
            values[l, m] = norm * q[l] * powers[m][0]
            if m:
                values[l, -m] = norm * q[l] * powers[m][1]
    return [float(values[l, m]) for l in DEGREES for m in range(-l, l + 1)]


generator = np.random.default_rng(2026)
points = list(generator.normal(size=(8, 3)))
points += [[0, 1, 0], [0, -1, 0], [1, 0, 0], [0, 0, -1], [1, 0, 1]]
points += [[1e-9, 1, 2e-9], [1e-5, -1, 1e-6], [1e-3, 1, 2e-3], [0.01, 1, 0.02], [0.05, -1, 0], [0.3, 0.9, -0.2], [1, 1e-8, 0.5]]
points += [[1e-30, 2e-30, -1e-30], [1e30, -2e30, 5e29]]
points = np.array(points, dtype=np.float32).astype(np.float64)
np.savez_compressed(
    "harmonics.npz", points=points, degrees=np.array(DEGREES, dtype=np.int64), values=np.array([harmonics(p) for p in points]))
