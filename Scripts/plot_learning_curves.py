"""Draws Data/nbody/learning-curves.tsv (rows model, samples, mse; on standard input) as SVG."""
import math
import sys

MODELS = [
    ("gnn", "plain graph network", "#8a8a8a"),
    ("egnn", "EGNN: rotations", "#4a6fa5"),
    ("ponita", "PONITA: positions and orientations", "#8e6bb0"),
    ("fa-gnn", "FA-GNN: the plain network, frame-averaged", "#e08a00"),
    ("flow", "learned steps: rotations and uniform motions", "#b3261e"),
]
points = {}
for line in sys.stdin.read().splitlines()[1:]:
    model, samples, mse = line.split("\t")
    points.setdefault(model, []).append((int(samples), float(mse)))
W, H, L, R, T, B = 760, 460, 76, 24, 20, 50
low, high = 0.001, 0.1


def x(n): return L + (W - L - R) * math.log(n / 250) / math.log(12000 / 250)
def y(v): return T + (H - T - B) * (1 - math.log(v / low) / math.log(high / low))


out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{W}" height="{H}" viewBox="0 0 {W} {H}" font-family="sans-serif" font-size="13">',
       f'<rect width="{W}" height="{H}" fill="white"/>']
for v in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1):
    out.append(f'<path d="M{L} {y(v):.1f}H{W - R}" stroke="#ddd"/><text x="{L - 8}" y="{y(v) + 4:.1f}" text-anchor="end" fill="#444">{v:g}</text>')
for n in (300, 1000, 3000, 10000):
    out.append(f'<path d="M{x(n):.1f} {T}V{H - B}" stroke="#eee"/><text x="{x(n):.1f}" y="{H - B + 18}" text-anchor="middle" fill="#444">{n:,}</text>')
v = 0.0035
out.append(f'<path d="M{L} {y(v):.1f}H{W - R}" stroke="#222" stroke-dasharray="5 4"/>')
out.append(f'<text x="{L + 8}" y="{y(v) + 16:.1f}" fill="#222">best published, 3,000 samples: 0.0035</text>')
out.append(f'<text x="{(L + W - R) / 2}" y="{H - 10}" text-anchor="middle" fill="#444">training samples</text>')
out.append(f'<text transform="translate(18 {(T + H - B) / 2}) rotate(-90)" text-anchor="middle" fill="#444">test error (MSE), five charged particles</text>')
row = 0
for name, label, colour in MODELS:
    series = sorted(points.get(name, []))
    if not series:
        continue
    path = " ".join(f"{'M' if i == 0 else 'L'}{x(n):.1f} {y(v):.1f}" for i, (n, v) in enumerate(series))
    out.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
    out += [f'<circle cx="{x(n):.1f}" cy="{y(v):.1f}" r="3.5" fill="{colour}"/>' for n, v in series]
    out.append(f'<path d="M{W - 340} {T + 16 + 20 * row}h24" stroke="{colour}" stroke-width="2"/>'
               f'<text x="{W - 310}" y="{T + 20 + 20 * row}" fill="#222">{label}</text>')
    row += 1
print("\n".join(out + ["</svg>"]))
