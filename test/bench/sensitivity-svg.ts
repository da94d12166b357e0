/** Little pieces of SVG that read on light and on dark pages. */

export const style = `<style>
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .small { font-size: 10px; fill: #57606a }
  .title { font-size: 11px; font-weight: 600 }
  .grid { stroke: #d0d7de; stroke-width: 1; fill: none }
  .ours { stroke: #0969da; fill: #0969da }
  .peer { stroke: #cf222e; fill: #cf222e }
  .limit { stroke: #6e7781; fill: #6e7781 }
  .line { fill: none; stroke-width: 2 }
  .dashed { stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .small { fill: #9198a1 }
    .grid { stroke: #3d444d }
    .ours { stroke: #4493f8; fill: #4493f8 }
    .peer { stroke: #f85149; fill: #f85149 }
    .limit { stroke: #9198a1; fill: #9198a1 }
  }
</style>`;

export type Hue = 'ours' | 'peer' | 'limit';

export function svg(width: number, height: number, label: string, body: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">
${style}
${body.join('\n')}
</svg>
`;
}

export function text(
  x: number,
  y: number,
  content: string,
  options: { small?: true; title?: true; anchor?: 'middle' | 'end' } = {},
): string {
  const kind = options.small ? ' class="small"' : options.title ? ' class="title"' : '';
  const anchor = options.anchor ? ` text-anchor="${options.anchor}"` : '';
  return `<text x="${short(x)}" y="${short(y)}"${kind}${anchor}>${escaped(content)}</text>`;
}

export function gridLine(x1: number, y1: number, x2: number, y2: number): string {
  return `<path class="grid" d="M${short(x1)} ${short(y1)}L${short(x2)} ${short(y2)}"/>`;
}

export function polyline(hue: Hue, points: readonly (readonly [number, number])[], dashed = false): string {
  if (points.length === 0) return '';
  const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('');
  return `<path class="line ${hue}${dashed ? ' dashed' : ''}" style="fill:none" d="${path}"/>`;
}

export function dot(hue: Hue, x: number, y: number, radius = 2.5): string {
  return `<circle class="${hue}" cx="${short(x)}" cy="${short(y)}" r="${radius}"/>`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
