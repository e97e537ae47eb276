"""Draws time and memory against the number of atoms from `benchmarks molecules --growth --threads 1`, JSON lines on standard input, as SVG."""
import json
import math
import sys

COLOURS = {"small": "#2e7d32", "medium": "#4a6fa5"}
LABELS = {"small": "scalars", "medium": "scalars and vectors"}
times, memory, exponents = {}, {}, {}
for line in sys.stdin:
    row = json.loads(line)
    kind, model = row["name"].split("/")[1:] if row["name"].count("/") == 2 else (None, None)
    if kind == "growth":
        times.setdefault(model, []).append((row["params"]["atoms"], row["seconds"]))
    elif kind == "growth_memory":
        memory.setdefault(model, []).append((row["params"]["atoms"], row["peak_mb"]))
    elif kind == "growth_exponent":
        exponents[model] = row["exponent"]
W, H, L, R, T, B = 760, 380, 70, 20, 20, 50
HALF = W / 2
out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{W}" height="{H}" viewBox="0 0 {W} {H}" font-family="sans-serif" font-size="13">',
       f'<rect width="{W}" height="{H}" fill="white"/>']


def panel(left, series, title, ticks, low, high):
    x = lambda n: left + L + (HALF - L - R) * math.log(n / 50) / math.log(40000 / 50)
    y = lambda v: T + (H - T - B) * (1 - math.log(v / low) / math.log(high / low))
    for v in ticks:
        out.append(f'<path d="M{left + L} {y(v):.1f}H{left + HALF - R}" stroke="#ddd"/>'
                   f'<text x="{left + L - 8}" y="{y(v) + 4:.1f}" text-anchor="end" fill="#444">{v:g}</text>')
    for n in (64, 512, 4096, 32768):
        out.append(f'<path d="M{x(n):.1f} {T}V{H - B}" stroke="#eee"/><text x="{x(n):.1f}" y="{H - B + 18}" text-anchor="middle" fill="#444">{n}</text>')
    out.append(f'<text x="{left + (L + HALF - R) / 2}" y="{H - 10}" text-anchor="middle" fill="#444">atoms</text>')
    out.append(f'<text transform="translate({left + 16} {(T + H - B) / 2}) rotate(-90)" text-anchor="middle" fill="#444">{title}</text>')
    for model, points in series.items():
        path = " ".join(f"{'M' if i == 0 else 'L'}{x(n):.1f} {y(v):.1f}" for i, (n, v) in enumerate(points))
        out.append(f'<path d="{path}" fill="none" stroke="{COLOURS[model]}" stroke-width="2"/>')
        out.extend(f'<circle cx="{x(n):.1f}" cy="{y(v):.1f}" r="3" fill="{COLOURS[model]}"/>' for n, v in points)


panel(0, times, "energy and forces, seconds", (0.001, 0.01, 0.1, 1, 10), 0.001, 10)
panel(HALF, memory, "largest memory of the process, MB", (50, 100, 200, 500, 1000, 2000), 50, 2000)
for n, model in enumerate(times):
    label = f"{LABELS[model]}: atoms^{exponents[model]:.2f}"
    height = H - B - 42 + 20 * n
    out.append(f'<path d="M{L + 36} {height}h24" stroke="{COLOURS[model]}" stroke-width="2"/><text x="{L + 66}" y="{height + 4}" fill="#222">{label}</text>')
print("\n".join(out + ["</svg>"]))
