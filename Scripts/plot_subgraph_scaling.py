"""Draws memory and time against nodes from `benchmarks permutations --only growth --threads 1`, JSON lines on standard input, as SVG."""
import json
import math
import sys

NETWORKS = [("spen", "SPEN, ego networks", "#2e7d32"), ("order2", "order 2, all pairs", "#b3261e")]
PANELS = [("memory", "peak_mb", "memory", "peak of memory of a training step, MB"), ("step", "cpu", "time", "training step on one thread, ms")]
SCALE = {"cpu": 1e3, "peak_mb": 1}
points, exponents = {}, {}
for line in sys.stdin:
    row = json.loads(line)
    parts = row["name"].split("/")
    if parts[0] != "growth":
        continue
    if parts[2] == "exponents":
        exponents[parts[1]] = row
    for panel, key, _, _ in PANELS:
        if parts[2] == panel and row[key] > 0:
            points.setdefault((panel, parts[1]), []).append((row["params"]["nodes"], SCALE[key] * row[key]))
W, H, L, R, T, B, GAP = 900, 420, 72, 20, 20, 50, 76
width = (W - L - R - GAP) / 2
first, last = 8, 2500


def x(n): return left + width * math.log(n / first) / math.log(last / first)
def y(v): return T + (H - T - B) * (1 - math.log(v / low) / math.log(high / low))


out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{W}" height="{H}" viewBox="0 0 {W} {H}" font-family="sans-serif" font-size="13">',
       f'<rect width="{W}" height="{H}" fill="white"/>']
for k, (panel, _, quantity, title) in enumerate(PANELS):
    left = L + k * (width + GAP)
    values = [v for (name, _), series in points.items() if name == panel for _, v in series]
    low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        v = 10.0 ** power
        out.append(f'<path d="M{left:.1f} {y(v):.1f}h{width:.1f}" stroke="#ddd"/>'
                   f'<text x="{left - 8:.1f}" y="{y(v) + 4:.1f}" text-anchor="end" fill="#444">{v:g}</text>')
    for n in (10, 20, 50, 100, 200, 500, 1000, 2000):
        out.append(f'<path d="M{x(n):.1f} {T}V{H - B}" stroke="#eee"/>'
                   f'<text x="{x(n):.1f}" y="{H - B + 18}" text-anchor="middle" fill="#444">{n}</text>')
    out.append(f'<text x="{left + width / 2:.1f}" y="{H - 10}" text-anchor="middle" fill="#444">nodes of the graph</text>')
    out.append(f'<text transform="translate({left - 52:.1f} {(T + H - B) / 2}) rotate(-90)" text-anchor="middle" fill="#444">{title}</text>')
    for row, (network, label, colour) in enumerate(NETWORKS):
        series = sorted(points.get((panel, network), []))
        path = " ".join(f"{'M' if i == 0 else 'L'}{x(n):.1f} {y(v):.1f}" for i, (n, v) in enumerate(series))
        out.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x(n):.1f}" cy="{y(v):.1f}" r="3" fill="{colour}"/>' for n, v in series]
        if network in exponents:
            label += f", exponent {exponents[network][quantity]:.2f}"
        out.append(f'<path d="M{left + 12:.1f} {T + 18 + 20 * row}h24" stroke="{colour}" stroke-width="2"/>'
                   f'<text x="{left + 42:.1f}" y="{T + 22 + 20 * row}" fill="#222">{label}</text>')
print("\n".join(out + ["</svg>"]))
