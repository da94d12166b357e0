/** Draws what a run measured: an overview of all rows, and the curves of each family. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFigures } from './sensitivity-page.ts';
import { frameError, type Point } from './sensitivity-point.ts';
import type { RowResult, Run } from './sensitivity-report.ts';
import { dot, gridLine, type Hue, polyline, svg, text } from './sensitivity-svg.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../docs/sensitivity');

const families = [
  {
    file: 'fsk-ax25-geoscan',
    fits: (mode: string, note: string) => /^fsk.*(ax25|geoscan)/.test(mode) && !/audio/.test(note),
  },
  { file: 'fsk-coded', fits: (mode: string) => /^fsk/.test(mode) && !/(ax25|geoscan)/.test(mode) },
  { file: 'psk', fits: (mode: string) => /psk/.test(mode) },
  { file: 'audio', fits: (mode: string, note: string) => /^afsk/.test(mode) || /audio/.test(note) },
] as const;

/** Writes the SVG files of docs/sensitivity from the JSON of a run; the exit code. */
export function writePlots(json: string): number {
  const run = JSON.parse(readFileSync(json, 'utf8')) as Run;
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, `${name}.svg`), content);
    console.log(join('docs/sensitivity', `${name}.svg`));
  };
  write('overview', overview(run.rows));
  for (const { file, fits } of families) {
    const rows = run.rows.filter(({ mode, note }) => fits(mode, note ?? ''));
    if (rows.length > 0) write(file, panels(file, rows));
  }
  writeFigures(join(folder, 'README.md'), run);
  console.log('docs/sensitivity/README.md');
  return 0;
}

/** One line a row: limit, ours and the peer at half of the frames lost. */
function overview(rows: readonly RowResult[]): string {
  const left = 380;
  const right = 880;
  const top = 46;
  const step = 22;
  const bottom = top + step * rows.length;
  const maxDb = 20;
  const at = (db: number) => left + ((right - left) * db) / maxDb;
  const body = [
    ...legend(left),
    ...Array.from({ length: maxDb / 2 + 1 }, (_, i) => [
      gridLine(at(2 * i), top, at(2 * i), bottom),
      text(at(2 * i), bottom + 16, String(2 * i), { small: true, anchor: 'middle' }),
    ]).flat(),
    text((left + right) / 2, bottom + 34, 'Eb/N0 in dB at which half of the frames are lost (left is better)', {
      anchor: 'middle',
    }),
  ];
  rows.forEach((row, i) => {
    const y = top + step * (i + 0.5);
    body.push(text(left - 10, y + 4, label(row), { small: true, anchor: 'end' }));
    const ours = row.oursDb[0];
    const peer = (row.peerDb ?? row.statedPeerDb)?.[0] ?? null;
    if (ours !== null && peer !== null) body.push(gridLine(at(ours), y, at(Math.min(peer, maxDb)), y));
    if (row.limitDb) body.push(dot('limit', at(row.limitDb[0]), y, 4));
    if (peer !== null) body.push(dot('peer', at(Math.min(peer, maxDb)), y, 4));
    if (ours !== null) body.push(dot('ours', at(Math.min(ours, maxDb)), y, 5));
  });
  return svg(right + 20, bottom + 46, 'Eb/N0 at which half of the frames are lost, for each mode', body);
}

const panelWidth = 300;
const panelHeight = 210;
const perLine = 3;
/** Frame error rates below this are drawn on the floor. */
const floor = 0.003;

function panels(name: string, rows: readonly RowResult[]): string {
  const body = [...legend(46)];
  rows.forEach((row, i) => {
    body.push(...panel(row, (i % perLine) * panelWidth, 40 + Math.floor(i / perLine) * panelHeight));
  });
  const height = 40 + Math.ceil(rows.length / perLine) * panelHeight;
  const width = Math.min(perLine, rows.length) * panelWidth + 10;
  return svg(Math.max(width, 420), height, `Frame error rate against Eb/N0: ${name}`, body);
}

function panel(row: RowResult, left: number, top: number): string[] {
  const inner = { left: left + 46, right: left + panelWidth - 14, top: top + 22, bottom: top + panelHeight - 38 };
  const db = row.points.map((point) => point.ebn0Db);
  const minDb = Math.floor(Math.min(...db, row.limitDb?.[0] ?? row.reachDb));
  const maxDb = Math.ceil(Math.max(...db, row.peerDb ? 0 : (row.statedPeerDb?.[1] ?? 0)));
  const x = (ebn0Db: number) => inner.left + ((inner.right - inner.left) * (ebn0Db - minDb)) / (maxDb - minDb);
  const y = (rate: number) =>
    inner.top + ((inner.bottom - inner.top) * Math.log(Math.max(rate, floor))) / Math.log(floor);
  const body = [text(inner.left, top + 14, label(row), { title: true })];
  for (const rate of [1, 0.5, 0.1, 0.01]) {
    body.push(gridLine(inner.left, y(rate), inner.right, y(rate)));
    body.push(text(inner.left - 5, y(rate) + 3, `${rate * 100} %`, { small: true, anchor: 'end' }));
  }
  const step = maxDb - minDb > 10 ? 2 : 1;
  for (let tick = minDb; tick <= maxDb; tick += step) {
    body.push(gridLine(x(tick), inner.bottom, x(tick), inner.bottom + 4));
    body.push(text(x(tick), inner.bottom + 15, String(tick), { small: true, anchor: 'middle' }));
  }
  body.push(text((inner.left + inner.right) / 2, inner.bottom + 28, 'Eb/N0, dB', { small: true, anchor: 'middle' }));
  if (row.limitDb) {
    const [half, tenth] = row.limitDb;
    const clipped = [[x(half), y(0.5)] as const, [x(tenth), y(0.1)] as const];
    body.push(polyline('limit', clipped, true), ...clipped.map((p) => dot('limit', ...p)));
  }
  if (!row.peerDb && row.statedPeerDb) {
    const [half, tenth] = row.statedPeerDb;
    const stated = [[x(half), y(0.5)] as const, [x(tenth), y(0.1)] as const];
    body.push(polyline('peer', stated, true), ...stated.map((p) => dot('peer', ...p)));
  }
  for (const hue of ['peer', 'ours'] as const) {
    const curve = visible(row.points, hue).map((p) => [x(p.ebn0Db), y(p.rate)] as const);
    body.push(polyline(hue, curve), ...curve.map((p) => dot(hue, ...p)));
  }
  return body;
}

/** The curve from the last point that loses everything to the first that loses nothing. */
function visible(points: readonly Point[], whose: 'ours' | 'peer'): { ebn0Db: number; rate: number }[] {
  const all = points.flatMap((point) => {
    const outcome = point[whose];
    return outcome ? [{ ebn0Db: point.ebn0Db, rate: frameError(point, outcome) }] : [];
  });
  const from = Math.max(
    0,
    all.findLastIndex(({ rate }) => rate >= 0.99),
  );
  const end = all.findIndex(({ rate }, i) => i > from && rate === 0);
  return all.slice(from, end < 0 ? undefined : end + 1);
}

function label(row: RowResult): string {
  const [modulation, symbolRate, rest = ''] = row.mode.split(':');
  const note = row.note ? `, ${row.note}` : '';
  return `${modulation} ${symbolRate} ${rest.split(',')[0]}${note}`;
}

function legend(left: number): string[] {
  const entries: readonly (readonly [Hue, string])[] = [
    ['ours', 'downlinkd'],
    ['peer', 'gr-satellites 4.4.0'],
    ['limit', 'coherent limit'],
  ];
  return entries.flatMap(([hue, name], i) => [
    dot(hue, left + 6 + 140 * i, 18, 5),
    text(left + 18 + 140 * i, 22, name),
  ]);
}
