"""Writes coupling-coefficients.npz: Wigner 3j, 6j and 9j symbols from sympy.physics.wigner (exact), rounded once to double.

Each array "<symbol>_spins" holds twice the arguments (int16, one row a symbol), "<symbol>_values" the correctly rounded values.
Run: python coupling_references.py (sympy 1.14, mpmath 1.3, numpy).
"""
import random

import mpmath
import numpy as np
from sympy import Rational, Integer
from sympy.physics.wigner import wigner_3j, wigner_6j, wigner_9j

mpmath.mp.prec = 400
random.seed(20)


def rounded(expression):
    """The double next to sign * sqrt(p / q)."""
    square = Rational(expression**2)
    value = mpmath.sqrt(mpmath.mpf(int(square.p)) / mpmath.mpf(int(square.q)))
    return float(value) if expression.evalf(30) >= 0 else -float(value)


def half(twice):
    return Rational(twice, 2)


def triangle(a, b, top):
    """A spin (doubled) that closes a triangle with a and b, or None."""
    choices = [c for c in range(abs(a - b), a + b + 1, 2) if c <= top]
    return random.choice(choices) if choices else None


def three(top, step):
    while True:
        a, b = random.randrange(0, top + 1, step), random.randrange(0, top + 1, step)
        c = triangle(a, b, top)
        if c is None:
            continue
        m1, m2 = random.randrange(-a, a + 1, 2), random.randrange(-b, b + 1, 2)
        if abs(m1 + m2) <= c:
            return [a, b, c, m1, m2, -m1 - m2]


def six(top, step):
    while True:
        a, b = random.randrange(0, top + 1, step), random.randrange(0, top + 1, step)
        c = triangle(a, b, top)
        d = random.randrange(0, top + 1, step)
        if c is None:
            continue
        e = triangle(d, c, top)
        if e is None:
            continue
        choices = [f for f in range(abs(d - b), d + b + 1, 2) if f <= top and abs(a - e) <= f <= a + e and (a + e + f) % 2 == 0]
        if choices:
            return [a, b, c, d, e, random.choice(choices)]


def nine(top):
    while True:
        a, b, d, e = (random.randrange(0, top + 1) for _ in range(4))
        c, f, g, h = triangle(a, b, top), triangle(d, e, top), triangle(a, d, top), triangle(b, e, top)
        if None in (c, f, g, h):
            continue
        choices = [i for i in range(abs(g - h), g + h + 1, 2) if i <= top and abs(c - f) <= i <= c + f and (c + f + i) % 2 == 0]
        if choices:
            return [a, b, c, d, e, f, g, h, random.choice(choices)]


symbols = {
    "3j": (
        [three(20, 1) for _ in range(400)]
        + [three(120, 1) for _ in range(600)]
        + [three(120, 2) for _ in range(1000)]
        # The longest sums and the strongest cancellation: equal degrees, small m.
        + [[120, 120, 120, 2 * m, 2 * n, -2 * m - 2 * n] for m in range(-12, 13, 3) for n in range(-12, 13, 4)]
        + [[2 * l, 2 * l, 2 * l, 0, 2, -2] for l in range(1, 61)]
        + [[2 * l, 2 * l, 2 * (l // 2), 2 * l - 2, -2 * l + 4, -2] for l in range(4, 61)]
        + [three(400, 1) for _ in range(300)]
        + [[400, 400, 400, 2 * m, -2 * m + 4, -4] for m in range(-190, 191, 20)],
        lambda s: wigner_3j(*map(half, s)),
    ),
    "6j": (
        [six(20, 1) for _ in range(300)] + [six(120, 1) for _ in range(300)] + [six(400, 1) for _ in range(60)]
        + [[2 * l] * 6 for l in range(0, 61, 3)],
        lambda s: wigner_6j(*map(half, s)),
    ),
    "9j": ([nine(8) for _ in range(150)] + [nine(30) for _ in range(100)], lambda s: wigner_9j(*map(half, s))),
}
arrays = {}
for name, (spins, symbol) in symbols.items():
    arrays[f"{name}_spins"] = np.array(spins, dtype=np.int16)
    arrays[f"{name}_values"] = np.array([rounded(Integer(0) + symbol(s)) for s in spins])
    print(name, len(spins), np.count_nonzero(arrays[f"{name}_values"]), flush=True)
np.savez_compressed("coupling-coefficients.npz", **arrays)
