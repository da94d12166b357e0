import type { PassEntry, PlanReport } from '../../../daemon/api/wire.ts';
import { sunElevation } from '../map/sun.ts';

/** What a bar stands for. */
export type BarKind = 'planned' | 'receiving' | 'left' | 'skipped' | 'over' | 'capture' | 'pointing';

export interface Bar {
  /** Of the pass that it leads to. */
  readonly key: string;
  readonly kind: BarKind;
  readonly pinned: boolean;
  /** From 0 to 1 of the time line. */
  readonly left: number;
  readonly width: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Names of what is received or followed. */
  readonly names: readonly string[];
  readonly pass: PassEntry | null;
}

const groups = ['satellite', 'sdr', 'rotator'] as const;

export interface Row {
  readonly group: (typeof groups)[number];
  readonly name: string;
  readonly bars: readonly Bar[];
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Satellites, SDRs and rotators with what they do in a time; what lies outside is left out, what sticks out is cut. */
export function timelineRows(passes: readonly PassEntry[], plan: PlanReport | null, time: Span): readonly Row[] {
  const byKey = new Map(passes.map((pass) => [pass.key, pass]));
  const rows = new Map<string, { group: Row['group']; name: string; bars: Bar[] }>();
  const add = (group: Row['group'], name: string, span: { from: string; to: string }, bar: Omit<Bar, keyof Place>) => {
    const id = `${group} ${name}`;
    const row = rows.get(id) ?? { group, name, bars: [] };
    rows.set(id, row);
    const place = placeOf(Date.parse(span.from), Date.parse(span.to), time);
    if (place !== null) row.bars.push({ ...bar, ...place });
  };
  for (const pass of passes)
    add(
      'satellite',
      pass.name,
      { from: pass.aos, to: pass.los },
      { key: pass.key, kind: kindOf(pass), pinned: pass.choice === 'pinned', names: [pass.name], pass },
    );
  for (const { sdr, from, to, passes: keys } of plan?.captures ?? [])
    add('sdr', sdr, { from, to }, planned('capture', keys, byKey));
  for (const { rotator, pass, from, to } of plan?.pointing ?? [])
    add('rotator', rotator, { from, to }, planned('pointing', [pass], byKey));
  // The order of a plan changes with each plan; that of the rows does not.
  return [...rows.values()].sort(
    (a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || (a.name < b.name ? -1 : 1),
  );
}

type Place = Pick<Bar, 'left' | 'width' | 'fromMs' | 'toMs'>;

function placeOf(fromMs: number, toMs: number, time: Span): Place | null {
  const length = time.toMs - time.fromMs;
  const left = Math.max(0, (fromMs - time.fromMs) / length);
  const right = Math.min(1, (toMs - time.fromMs) / length);
  return right > left ? { left, width: right - left, fromMs, toMs } : null;
}

function planned(kind: BarKind, keys: readonly string[], byKey: ReadonlyMap<string, PassEntry>) {
  const names = keys.map((key) => byKey.get(key)?.name ?? key);
  return { key: keys[0] ?? '', kind, pinned: false, names, pass: null };
}

/** Whether a pass is received, will be, was, or why not. */
export function kindOf({ choice, received_by: parts, reason }: PassEntry): BarKind {
  if (parts.some(({ state }) => state === 'receiving' || state === 'flushing')) return 'receiving';
  if (parts.some(({ state }) => state === 'planned' || state === 'pre-pointing')) return 'planned';
  if (parts.length > 0) return 'over';
  if (choice === 'skipped' || reason === 'skipped') return 'skipped';
  return 'left';
}

/** When the hours are whole by UTC, every `stepH` of a day. */
export function hourTicks({ fromMs, toMs }: Span, stepH: number): readonly number[] {
  const step = stepH * 3_600_000;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / step) * step; at <= toMs; at += step) ticks.push(at);
  return ticks;
}

/** The upper edge of the Sun on the horizon, with refraction. */
const sunsetDeg = -0.833;
const nightStepMs = 5 * 60_000;

/** When the Sun is down at a place, to some minutes. */
export function nights(latitudeDeg: number, longitudeDeg: number, { fromMs, toMs }: Span): readonly Span[] {
  const found: { fromMs: number; toMs: number }[] = [];
  let dark = false;
  for (let at = fromMs; at < toMs; at += nightStepMs) {
    const down = sunElevation(latitudeDeg, longitudeDeg, at) < sunsetDeg;
    if (down && !dark) found.push({ fromMs: at, toMs: at });
    if (down) found.at(-1)!.toMs = Math.min(toMs, at + nightStepMs);
    dark = down;
  }
  return found;
}
