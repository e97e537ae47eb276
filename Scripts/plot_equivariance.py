"""Draws the error of equivariance of PONITA's variants from `benchmarks equivariance --json`, JSON lines on standard input, as SVG."""
import json
import math
import sys

LABELS = [
    ("a fixed, repulsion", "a  fixed grid of repulsion (published)", "#b3261e"),
    ("b fixed", "b  fixed orbits of point groups", "#e08a00"),
    ("d band limit 2", "d  band limit 2, spherical designs", "#4a6fa5"),
    ("e repulsion, random poses", "e  1, 4, 16 random poses of 16", "#8e6bb0"),
    ("c principal", "c  carried by principal axes (default)", "#2e7d32"),
]
points = {}
for line in sys.stdin:
    row = json.loads(line)
    if row["name"] == "equivariance":
        p = row["params"]
        name = next((prefix for prefix, _, _ in LABELS if p["variant"].startswith(prefix)), None)
        points.setdefault(name, []).append((p["n"] * p["evaluations"], row["error"], row["error_float"]))
W, H, L, R, T, B = 760, 480, 88, 24, 20, 50
first, last, low, high = 5, 330, 1e-16, 10


def x(n): return L + (W - L - R) * math.log(n / first) / math.log(last / first)
def y(v): return T + (H - T - B) * (1 - math.log(max(v, low) / low) / math.log(high / low))


out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{W}" height="{H}" viewBox="0 0 {W} {H}" font-family="sans-serif" font-size="13">',
       f'<rect width="{W}" height="{H}" fill="white"/>']
for power in range(-16, 2, 2):
    v = 10.0 ** power
    out.append(f'<path d="M{L} {y(v):.1f}H{W - R}" stroke="#ddd"/><text x="{L - 8}" y="{y(v) + 4:.1f}" text-anchor="end" fill="#444">1e{power}</text>')
for n in (6, 12, 24, 48, 96, 192):
    out.append(f'<path d="M{x(n):.1f} {T}V{H - B}" stroke="#eee"/><text x="{x(n):.1f}" y="{H - B + 18}" text-anchor="middle" fill="#444">{n}</text>')
out.append(f'<text x="{(L + W - R) / 2}" y="{H - 10}" text-anchor="middle" fill="#444">orientations evaluated: n times poses</text>')
out.append(f'<text transform="translate(18 {(T + H - B) / 2}) rotate(-90)" text-anchor="middle" fill="#444">relative error under E(3), random weights</text>')
for k, (name, label, colour) in enumerate(LABELS):
    series = sorted(points.get(name, []))
    styles = [(1, "")] + ([(2, ' stroke-dasharray="5 4"')] if name.startswith("c") else [])
    for column, dashes in styles:
        path = " ".join(f"{'M' if i == 0 else 'L'}{x(p[0]):.1f} {y(p[column]):.1f}" for i, p in enumerate(series))
        out.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
        out += [f'<circle cx="{x(p[0]):.1f}" cy="{y(p[column]):.1f}" r="3" fill="{colour}"/>' for p in series]
    top = y(3e-7) + 40 + 20 * k
    out.append(f'<path d="M{x(46):.1f} {top - 4:.1f}h24" stroke="{colour}" stroke-width="2"/><text x="{x(46) + 30:.1f}" y="{top:.1f}" fill="#222">{label}</text>')
for column, text in ((1, "Double"), (2, "Float")):
    series = sorted(points.get("c principal", []))
    if series:
        out.append(f'<text x="{x(series[-1][0]) + 8:.1f}" y="{y(series[-1][column]) + 4:.1f}" fill="#2e7d32">{text}</text>')
print("\n".join(out + ["</svg>"]))
