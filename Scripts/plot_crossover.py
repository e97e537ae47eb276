"""Draws the crossover between products from `benchmarks products --only crossover --threads 1`, JSON lines on standard input, as SVG."""
import json
import math
import sys

LABELS = [
    ("crossover/clebsch_gordan_all/fwdbwd", "Clebsch-Gordan, all paths", "#b3261e"),
    ("crossover/clebsch_gordan_even/fwdbwd", "Clebsch-Gordan, even paths", "#e08a00"),
    ("crossover/gaunt_sparse/fwdbwd", "Gaunt, sparse", "#4a6fa5"),
    ("crossover/gaunt_quadrature/fwdbwd", "Gaunt, quadrature", "#2e7d32"),
    ("crossover/gaunt_fourier/fwdbwd", "Gaunt, FFT", "#8e6bb0"),
]
points = {}
for line in sys.stdin:
    row = json.loads(line)
    if row["name"].startswith("crossover/") and "seconds" in row:
        nanoseconds = 1e9 * row["min"] / row["params"]["B"] / row["params"]["C"]
        points.setdefault(row["name"], []).append((row["params"]["lmax"], nanoseconds))
W, H, L, R, T, B = 720, 460, 88, 24, 20, 50
values = [v for series in points.values() for _, v in series]
low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))


def x(l): return L + (W - L - R) * math.log(l) / math.log(16)
def y(v): return T + (H - T - B) * (1 - math.log(v / low) / math.log(high / low))


out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{W}" height="{H}" viewBox="0 0 {W} {H}" font-family="sans-serif" font-size="13">',
       f'<rect width="{W}" height="{H}" fill="white"/>']
v = low
while v <= high * 1.001:
    out.append(f'<path d="M{L} {y(v):.1f}H{W - R}" stroke="#ddd"/><text x="{L - 8}" y="{y(v) + 4:.1f}" text-anchor="end" fill="#444">{v:g}</text>')
    v *= 10
for l in (1, 2, 3, 4, 6, 8, 12, 16):
    out.append(f'<path d="M{x(l):.1f} {T}V{H - B}" stroke="#eee"/><text x="{x(l):.1f}" y="{H - B + 18}" text-anchor="middle" fill="#444">{l}</text>')
out.append(f'<text x="{(L + W - R) / 2}" y="{H - 10}" text-anchor="middle" fill="#444">degree L of both operands and of the result</text>')
out.append(f'<text transform="translate(18 {(T + H - B) / 2}) rotate(-90)" text-anchor="middle" fill="#444">forward and backward, ns a row and channel</text>')
for n, (name, label, colour) in enumerate(LABELS):
    series = sorted(points.get(name, []))
    path = " ".join(f"{'M' if i == 0 else 'L'}{x(l):.1f} {y(v):.1f}" for i, (l, v) in enumerate(series))
    out.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
    out += [f'<circle cx="{x(l):.1f}" cy="{y(v):.1f}" r="3" fill="{colour}"/>' for l, v in series]
    out.append(f'<path d="M{L + 16} {T + 18 + 20 * n}h24" stroke="{colour}" stroke-width="2"/><text x="{L + 46}" y="{T + 22 + 20 * n}" fill="#222">{label}</text>')
print("\n".join(out + ["</svg>"]))
