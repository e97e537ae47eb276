import ExampleSupport

/// The style of pictures of clouds.
let cloudViewerStyle = """
  .cloud canvas { display: block; width: 100%; max-width: 420px; aspect-ratio: 1; margin: 0 auto; cursor: grab; touch-action: none;
    border-radius: 6px; }
  .cloud canvas:active { cursor: grabbing; } .cloud canvas:focus-visible { outline: 2px solid var(--first); }
  .cloud .legend { margin: 8px 0 0; } .cloud [hidden] { display: none; }
  .ramp { display: inline-block; width: 90px; height: 10px; border-radius: 2px;
    background: linear-gradient(90deg, #2c5aa0, #7b8fb8, #e6d9a0, #e8a33d, #c23b22); }
  .choices { display: flex; gap: 6px; margin-top: 8px; }
  .choices button { font: inherit; font-size: 13px; color: var(--ink); background: var(--paper); border: 1px solid var(--grid);
    border-radius: 6px; padding: 2px 10px; cursor: pointer; }
  .choices button[aria-pressed="true"] { border-color: var(--first); box-shadow: inset 0 0 0 1px var(--first); }
  """

/// A script that draws the clouds of a page: splats with a depth buffer on plain canvases, turned by mouse, finger or keys.
let cloudViewerScript = """
  const partColors = [\(categoryColors.map { "'\($0)'" }.joined(separator: ","))].map(c => [1, 3, 5].map(i => parseInt(c.substr(i, 2), 16)));
  const ramp = [[44, 90, 160], [123, 143, 184], [230, 217, 160], [232, 163, 61], [194, 59, 34]];
  const decode = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const colored = {
    normals: (b, n) => Uint8Array.from({length: 3 * n}, (_, i) => 40 + 0.84 * b[i]),
    angles: (b, n) => { const out = new Uint8Array(3 * n);
      for (let i = 0; i < n; i++) { const t = b[i] / 255 * (ramp.length - 1), k = Math.min(ramp.length - 2, Math.floor(t));
        for (let a = 0; a < 3; a++) out[3 * i + a] = ramp[k][a] + (t - k) * (ramp[k + 1][a] - ramp[k][a]); }
      return out; },
    parts: (b, n) => { const out = new Uint8Array(3 * n);
      for (let i = 0; i < n; i++) out.set(partColors[b[i] % partColors.length], 3 * i);
      return out; } };
  for (const card of document.querySelectorAll('.cloud')) {
    const canvas = card.querySelector('canvas'), context = canvas.getContext('2d'), size = canvas.width;
    const raw = decode(canvas.dataset.points), view = new DataView(raw.buffer), n = raw.length / 6;
    const points = Float32Array.from({length: 3 * n}, (_, i) => view.getInt16(2 * i, true) / 32767);
    const colors = canvas.dataset.kinds.split(' ').map((kind, i) => colored[kind](decode(canvas.dataset['c' + i]), n));
    const image = context.createImageData(size, size), pixels = image.data, depth = new Float32Array(size * size);
    // The rows are the directions to the right, up and towards the viewer.
    let turn = [[0.8, -0.6, 0], [0.2, 0.27, 0.94], [-0.56, -0.75, 0.34]], color = 0, waiting = false;
    const radius = Math.max(1, Math.min(8, Math.round(190 / Math.sqrt(n))));
    const draw = () => { waiting = false; pixels.fill(0); depth.fill(-9);
      const [[a, b, c], [d, e, f], [g, h, k]] = turn, tint = colors[color], half = size / 2, scale = 0.47 * size;
      for (let i = 0; i < n; i++) { const x = points[3 * i], y = points[3 * i + 1], z = points[3 * i + 2];
        const near = g * x + h * y + k * z, light = 0.72 + 0.28 * near;
        const px = Math.round(half + scale * (a * x + b * y + c * z)), py = Math.round(half - scale * (d * x + e * y + f * z));
        for (let v = Math.max(0, py - radius); v <= Math.min(size - 1, py + radius); v++)
          for (let u = Math.max(0, px - radius); u <= Math.min(size - 1, px + radius); u++) { const p = v * size + u;
            if ((u - px) ** 2 + (v - py) ** 2 > radius * radius + 1 || near <= depth[p]) continue;
            depth[p] = near; pixels[4 * p] = light * tint[3 * i]; pixels[4 * p + 1] = light * tint[3 * i + 1];
            pixels[4 * p + 2] = light * tint[3 * i + 2]; pixels[4 * p + 3] = 255; } }
      context.putImageData(image, 0, 0); };
    const later = () => { if (!waiting) { waiting = true; requestAnimationFrame(draw); } };
    const across = (p, q) => [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
    const unit = p => { const l = Math.hypot(...p) || 1; return p.map(x => x / l); };
    // About the direction up by s and about that to the right by t, then made orthonormal again.
    const rotate = (s, t) => { let [r, u, w] = turn;
      [r, w] = [r.map((x, i) => Math.cos(s) * x + Math.sin(s) * -w[i]), w.map((x, i) => Math.cos(s) * x + Math.sin(s) * r[i])];
      [u, w] = [u.map((x, i) => Math.cos(t) * x + Math.sin(t) * w[i]), w.map((x, i) => Math.cos(t) * x - Math.sin(t) * u[i])];
      r = unit(r); w = unit(across(r, u)); turn = [r, across(w, r), w]; later(); };
    let last = null;
    canvas.addEventListener('pointerdown', event => { last = [event.clientX, event.clientY]; canvas.setPointerCapture(event.pointerId); });
    canvas.addEventListener('pointermove', event => { if (!last) return;
      const now = [event.clientX, event.clientY], speed = 5 / canvas.clientWidth;
      rotate(-speed * (now[0] - last[0]), speed * (now[1] - last[1])); last = now; });
    for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => { last = null; });
    canvas.addEventListener('keydown', event => {
      const step = {ArrowLeft: [0.1, 0], ArrowRight: [-0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1]}[event.key];
      if (step) { rotate(...step); event.preventDefault(); } });
    for (const button of card.querySelectorAll('button')) button.addEventListener('click', () => { color = +button.dataset.to;
      for (const other of card.querySelectorAll('button')) other.setAttribute('aria-pressed', other === button);
      for (const legend of card.querySelectorAll('.legend')) legend.hidden = legend.dataset.for !== button.dataset.to;
      later(); });
    draw();
  }
  """
