/**
 * Decodes real recordings by the command line, given nothing but the satellite's name, and compares the distinct frames
 * with what other programs find (baseline.json beside the recordings says what and how).
 *
 * node test/bench/recordings.ts [--write FILE] [FILE…]   --write: which framings gave how many frames of each file, as JSON
 *
 * Exits with 1 when a file falls below the peer's default, a frame has neither a known twin nor a check of its own, or the
 * totals are not above the sum of what the best tool finds in each file. LilacSat-1's blocks carry no check, and what is known
 * of them has bit errors: of near-equal ones one must be there, and they count in no total.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { DecodedFrame } from '../../daemon/api/wire.ts';
import { framingSlug } from '../../dsp/framing/index.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

interface Baseline {
  readonly file: string;
  readonly satellite: string;
  readonly duration_s: number;
  readonly transmitters: readonly {
    readonly modulation: string;
    readonly baudrate: number;
    readonly framing: string;
    readonly deviation?: number;
    readonly af_carrier?: number;
  }[];
  readonly peer_frames_default: number;
  readonly best_of_all_tools: number;
  readonly known_frames_hex: readonly string[];
}

/** What the baseline calls otherwise than the satellites do: transmitters whose satellite isn't known are tried by their modes. */
const unknownSatellites = ['fr05.wav'];
/** Frames without any check. */
const unchecked = 'lilacsat1.wav';
/** By far the most frames: totals are told without it as well. */
const largest = 'swiatowid.wav';
/** Blocks that differ in fewer bits are one, with bit errors: of 648 bits, of which 200 and more differ between others. */
const nearBits = 100;
/** And those that begin alike and are not idle: what ends in noise. In hexadecimal digits. */
const sameBeginning = 8;
/**
 * What a tool made of the first block while it still searched the symbol clock. Ours are all 100 blocks of the transmission, without a
 * gap, so that it can't be another one.
 */
const misread = ['ca73001175e1'];

export function recordingsFolder(): string {
  const named = process.env['DOWNLINKD_RECORDINGS'];
  if (named) return resolve(named);
  const shared = resolve(root, '../shared/recordings');
  return existsSync(join(shared, 'baseline.json')) ? shared : join(root, 'test/recordings');
}

/** How the command line is told what to look for: once, or once for each mode. */
function targets({ file, satellite, transmitters }: Baseline): string[][] {
  if (!unknownSatellites.includes(file)) return [['--satellite', satellite]];
  return transmitters.map(({ modulation, baudrate, framing, deviation, af_carrier }) => {
    const keys = [
      ...(deviation === undefined ? [] : [`deviation_hz=${deviation}`]),
      ...(af_carrier === undefined ? [] : [`af_carrier_hz=${af_carrier}`]),
    ];
    return ['--mode', [`${framingSlug(modulation)}:${baudrate}:${framingSlug(framing)}`, ...keys].join(',')];
  });
}

interface Result {
  readonly frames: DecodedFrame[];
  readonly error: string;
}

function decode(file: string, target: readonly string[]): Promise<Result> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(root, 'bin/downlinkd'), 'decode', file, ...target], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let error = '';
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (error += text));
    child.on('close', (code) => {
      const frames = out
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line) as DecodedFrame);
      done({ frames, error: code === 0 ? '' : error.trim() || `exit code ${code}` });
    });
  });
}

async function decodeAll(file: string, entry: Baseline): Promise<Result> {
  const results: Result[] = [];
  for (const target of targets(entry)) results.push(await decode(file, target));
  return { frames: results.flatMap(({ frames }) => frames), error: results.find(({ error }) => error)?.error ?? '' };
}

/** Bits that differ; of frames of different lengths all. */
function distance(a: string, b: string): number {
  if (a.length !== b.length) return 4 * Math.max(a.length, b.length);
  let bits = 0;
  for (let i = 0; i < a.length; i++) {
    const differing = Number.parseInt(a[i]!, 16) ^ Number.parseInt(b[i]!, 16);
    for (let bit = 1; bit < 16; bit <<= 1) if (differing & bit) bits++;
  }
  return bits;
}

function isNear(a: string, b: string): boolean {
  const beginning = a.slice(0, sameBeginning);
  return distance(a, b) <= nearBits || (b.startsWith(beginning) && !/^(c0)+$/.test(beginning));
}

/** Groups of near-equal frames: who is near one of a group belongs to it. */
function nearGroups(frames: readonly string[]): string[][] {
  let groups: string[][] = [];
  for (const frame of frames) {
    const near = groups.filter((group) => group.some((other) => isNear(frame, other)));
    groups = [...groups.filter((group) => !near.includes(group)), [frame, ...near.flat()]];
  }
  return groups;
}

interface Row {
  readonly file: string;
  readonly ours: number;
  readonly peer: number;
  readonly best: number;
  /** Frames that are neither known nor checked. */
  readonly bare: number;
  /** Known groups of frames without a check that nothing of ours is near to. */
  readonly missing: number;
  readonly framings: Readonly<Record<string, number>>;
}

function total(rows: readonly Row[], but: readonly string[]): { ours: number; peer: number; best: number } {
  const counted = rows.filter(({ file }) => !but.includes(file));
  const sum = (of: (row: Row) => number) => counted.reduce((n, row) => n + of(row), 0);
  return { ours: sum((row) => row.ours), peer: sum((row) => row.peer), best: sum((row) => row.best) };
}

async function main(args: string[]): Promise<number> {
  const { values, positionals: only } = parseArgs({
    args,
    allowPositionals: true,
    options: { write: { type: 'string' } },
  });
  const folder = recordingsFolder();
  if (!existsSync(join(folder, 'baseline.json'))) {
    console.error(`${folder} has no baseline.json`);
    return 2;
  }
  console.log(`recordings: ${folder}`);
  const baseline = (JSON.parse(readFileSync(join(folder, 'baseline.json'), 'utf8')) as Baseline[])
    .filter((e) => existsSync(join(folder, e.file)))
    .filter((e) => only.length === 0 || only.includes(e.file));
  console.log('file                        ours  peer  best  unknown');
  const rows: Row[] = [];
  for (const entry of baseline) {
    const result = await decodeAll(join(folder, entry.file), entry);
    const distinct = new Map(result.frames.map((f) => [f.frame, f]));
    const unknown = [...distinct.values()].filter((f) => !entry.known_frames_hex.includes(f.frame));
    const bare = unknown.filter((f) => f.integrity.crc !== 'ok' && f.integrity.fec === 'none').length;
    const groups = (entry.file === unchecked ? nearGroups(entry.known_frames_hex) : []).filter((group) =>
      group.some((known) => !misread.some((beginning) => known.startsWith(beginning))),
    );
    const missing = groups.filter((group) =>
      group.every((known) => [...distinct.keys()].every((frame) => !isNear(frame, known))),
    ).length;
    const framings: Record<string, number> = {};
    for (const { mode } of distinct.values()) {
      const framing = mode.split(',')[0]!.split(':')[2]!;
      framings[framing] = (framings[framing] ?? 0) + 1;
    }
    const row = {
      file: entry.file,
      ours: distinct.size,
      peer: entry.peer_frames_default,
      best: entry.best_of_all_tools,
      bare: entry.file === unchecked ? 0 : bare,
      missing,
      framings,
    };
    rows.push(row);
    const cells = [row.ours, row.peer, row.best, unknown.length];
    const notes = [
      ...(result.error ? [result.error.split('\n').at(-1)] : []),
      ...(bare > 0 ? [`${bare} without a check`] : []),
      ...(groups.length > 0 ? [`${groups.length - missing} of ${groups.length} groups of known blocks`] : []),
    ];
    console.log(
      `${entry.file.padEnd(26)}${cells.map((c) => String(c).padStart(6)).join('')}  ${notes.join('; ')}`.trimEnd(),
    );
  }
  const rest = total(rows, [unchecked]);
  const small = total(rows, [unchecked, largest]);
  const say = (name: string, { ours, peer, best }: typeof rest) =>
    console.log(`${name.padEnd(26)}${[ours, peer, best].map((c) => String(c).padStart(6)).join('')}`);
  say(`${rows.length} files but LilacSat-1`, rest);
  say('and without Swiatowid', small);
  const below = rows.filter(({ file, ours, peer }) => file !== unchecked && ours < peer);
  const short = rows.filter(({ file, ours, peer, best }) => file !== unchecked && ours >= peer && ours < best);
  const names = (of: readonly Row[]) => (of.length === 0 ? 'none' : of.map(({ file }) => file).join(', '));
  const bare = rows.reduce((n, row) => n + row.bare, 0);
  const missing = rows.reduce((n, row) => n + row.missing, 0);
  console.log(`below the peer's default: ${names(below)}`);
  console.log(`below the best of all tools: ${names(short)}`);
  console.log(`frames neither known nor checked: ${bare}`);
  if (values.write) {
    const found = Object.fromEntries(rows.filter(({ ours }) => ours > 0).map(({ file, framings }) => [file, framings]));
    writeFileSync(values.write, `${JSON.stringify(found, null, 2)}\n`);
  }
  const whole = [unchecked, largest].every((file) => rows.some((row) => row.file === file));
  const above = !whole || rest.ours > rest.best;
  if (!above) console.log('not above the sum of the best tools');
  return rows.length > 0 && below.length === 0 && bare === 0 && missing === 0 && above ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
