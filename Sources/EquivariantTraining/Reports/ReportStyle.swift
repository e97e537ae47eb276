/// Colours that people with colour-blindness can tell apart (Okabe and Ito 2008), and lighter ones of the same kind.
package let categoryColors = [
  "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8ad20", "#8c6bb1", "#66c2a5", "#a6611a", "#5e6c79", "#f4a6b7",
]

/// The style sheet of a report: fonts of the system, colours that people with colour-blindness can tell apart, and a dark scheme.
private let reportStyle = """
  :root { color-scheme: light dark; --paper: #ffffff; --card: #f7f8fa; --ink: #1b1f24; --muted: #59636e; --grid: #e3e6ea; --axis: #8a939d;
    --first: #0067a8; --second: #c8500a; --neutral: #9aa3ad; --miss: #c2185b; --tint: #e8f2fa; }
  @media (prefers-color-scheme: dark) {
    :root { --paper: #14171b; --card: #1d2127; --ink: #e6e9ed; --muted: #9aa5b1; --grid: #2c323a; --axis: #6b7682;
      --first: #58b0ea; --second: #f2914e; --neutral: #6f7a86; --miss: #ff6f9f; --tint: #1b3040; } }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--paper); color: var(--ink);
    font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
  main { max-width: 860px; margin: 0 auto; padding: 40px 24px 64px; }
  h1 { font-size: 30px; line-height: 1.2; margin: 0 0 12px; letter-spacing: -0.01em; }
  h2 { font-size: 21px; line-height: 1.3; margin: 52px 0 10px; }
  h3 { font-size: 15px; margin: 0 0 2px; }
  p { margin: 0 0 12px; } a { color: var(--first); }
  .small, .note, figcaption { font-size: 14px; color: var(--muted); line-height: 1.5; }
  .small { font-size: 13px; margin: 0 0 6px; text-wrap: pretty; } .small b { color: var(--ink); }
  .warning { border-left: 4px solid var(--second); background: var(--card); padding: 10px 14px; }
  .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 12px; margin: 24px 0; }
  .tile { background: var(--card); border-radius: 8px; padding: 14px 16px; }
  .tile b { display: block; font-size: 25px; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
  .tile span { font-size: 13px; color: var(--muted); line-height: 1.4; display: block; }
  figure { margin: 16px 0 0; } figcaption { margin-top: 10px; }
  .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 14px; align-items: start; }
  .card { background: var(--card); border-radius: 8px; padding: 14px; }
  .legend { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 13px; color: var(--muted); margin: 0 0 12px; }
  .legend span { display: inline-flex; align-items: center; gap: 7px; }
  .swatch { display: inline-block; width: 22px; height: 0; } .swatch.line { border-top: 2px solid var(--c); }
  .swatch.dashed { border-top: 2px dashed var(--muted); } .swatch.dotted { border-top: 2px dotted var(--ink); }
  .swatch.dot { width: 9px; height: 9px; border-radius: 50%; background: var(--c); }
  .swatch.ring { width: 13px; height: 13px; border-radius: 50%; border: 1.5px solid var(--ink); }
  .swatch.block { width: 14px; height: 12px; background: var(--c); opacity: .75; }
  svg { display: block; width: 100%; height: auto; overflow: visible; } svg.key { width: 30px; height: 16px; flex: none; }
  svg.narrow { display: none; }
  @media (max-width: 640px) { main { padding: 24px 14px 48px; } svg.wide { display: none; } svg.narrow { display: block; }
    h1 { font-size: 25px; } h2 { font-size: 19px; margin-top: 40px; } table { font-size: 13px; } td, th { padding: 6px 7px; } }
  .first { --c: var(--first); } .second { --c: var(--second); } .neutral { --c: var(--neutral); }
  .plus { --c: var(--first); } .minus { --c: var(--second); }
  svg text { font-size: 12.5px; fill: var(--muted); } svg text.title { fill: var(--ink); }
  svg text.strong { fill: var(--ink); font-weight: 600; }
  .grid { stroke: var(--grid); stroke-width: 1; } .grid.minor { opacity: .55; } .axis { stroke: var(--axis); stroke-width: 1; }
  .curve { fill: none; stroke: var(--c); stroke-width: 1.8; stroke-linejoin: round; } .band { fill: var(--c); opacity: .18; }
  .dot { fill: var(--c); } .dot.faint { opacity: .5; } .bar { fill: var(--c); opacity: .75; } .bar.neutral { opacity: .45; }
  .mark { stroke: var(--ink); stroke-width: 1.3; } .reference { stroke-width: 1.6; }
  .reference.dashed { stroke: var(--muted); stroke-dasharray: 6 4; }
  .reference.dotted { stroke: var(--ink); stroke-dasharray: 1.5 4; stroke-linecap: round; stroke-width: 2; }
  .trace { fill: none; stroke: var(--c); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; opacity: .6; }
  .velocity { fill: none; stroke: var(--ink); stroke-width: 1.3; }
  .start { fill: var(--paper); stroke: var(--c, var(--ink)); stroke-width: 1.6; } .end { fill: var(--c, var(--ink)); }
  .predicted { fill: none; stroke: var(--ink); stroke-width: 1.5; } .miss { stroke: var(--miss); stroke-width: 1.8; }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14px; margin: 12px 0; }
  th { text-align: left; color: var(--muted); font-weight: 600; } td, th { padding: 6px 10px; border-bottom: 1px solid var(--grid);
    vertical-align: top; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  tr.own td { color: var(--muted); } tr.this td { background: var(--tint); font-weight: 650; }
  td .mark { font-size: 11.5px; color: var(--second); border: 1px solid var(--second); border-radius: 4px; padding: 0 4px;
    white-space: nowrap; }
  pre { background: var(--card); border-radius: 8px; padding: 14px 16px; overflow-x: auto; font: 13px/1.6 ui-monospace, "SF Mono", Menlo,
    Consolas, "DejaVu Sans Mono", monospace; }
  footer { margin-top: 48px; font-size: 13px; color: var(--muted); border-top: 1px solid var(--grid); padding-top: 14px; }
  """

/// A page of one file: the style sheet, the title as its heading, and the content.
package func page(title: String, _ content: String) -> String {
  """
  <!DOCTYPE html>
  <html lang="en">
  <head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>\(escaped(title))</title>
  <style>
  \(reportStyle)
  </style>
  </head>
  <body>
  <main>
  <h1>\(escaped(title))</h1>
  \(content)
  </main>
  </body>
  </html>

  """
}
