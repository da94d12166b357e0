/**
 * Decodes real recordings by the command line, given nothing but the satellite's name, and compares the distinct frames
 * with what other programs find (baseline.json beside the recordings says what and how).
 *
 * node test/bench/recordings.ts [--all] [FILE…]     --all: also framings that are not implemented
 *
 * Exits with 1 when a file falls below the peer's default, or a frame has neither a known twin nor a check of its own.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DecodedFrame } from '../../daemon/api/wire.ts';
import { isImplemented } from '../../dsp/framing/index.ts';
import { framingNames } from '../../dsp/framing/names.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

interface Baseline {
  readonly file: string;
  readonly satellite: string;
  readonly duration_s: number;
  readonly transmitters: readonly { readonly framing: string }[];
  readonly peer_frames_default: number;
  readonly best_of_all_tools: number;
  readonly known_frames_hex: readonly string[];
}

/** Their satellites are not in the data, so that a name says nothing; no tool decodes them either. */
const withoutSatellite = ['fr05.wav', 'equisat.wav'];

export function recordingsFolder(): string {
  const named = process.env['DOWNLINKD_RECORDINGS'];
  if (named) return resolve(named);
  const shared = resolve(root, '../shared/recordings');
  return existsSync(join(shared, 'baseline.json')) ? shared : join(root, 'test/recordings');
}

function slug(framing: string): string {
  return framing.toLowerCase().replace(/[.+]/g, '').replaceAll(' ', '-');
}

function implemented(entry: Baseline): boolean {
  return entry.transmitters.some((t) => framingNames.some((name) => name === slug(t.framing) && isImplemented(name)));
}

interface Result {
  readonly frames: DecodedFrame[];
  readonly error: string;
}

function decode(file: string, satellite: string): Promise<Result> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(root, 'bin/downlinkd'), 'decode', file, '--satellite', satellite], {
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

async function main(argv: readonly string[]): Promise<number> {
  const folder = recordingsFolder();
  const only = argv.filter((a) => !a.startsWith('--'));
  const strange = argv.find((a) => a.startsWith('--') && a !== '--all');
  if (strange !== undefined || !existsSync(join(folder, 'baseline.json'))) {
    console.error(
      strange === undefined ? `${folder} has no baseline.json` : `unknown option ${strange}: only --all is one`,
    );
    return 2;
  }
  const all = argv.includes('--all');
  console.log(`recordings: ${folder}`);
  const baseline = (JSON.parse(readFileSync(join(folder, 'baseline.json'), 'utf8')) as Baseline[])
    .filter((e) => existsSync(join(folder, e.file)) && !withoutSatellite.includes(e.file))
    .filter((e) => (only.length > 0 ? only.includes(e.file) : all || implemented(e)));
  console.log('file                        ours  peer  best  unknown');
  const totals = { ours: 0, peer: 0, best: 0 };
  const below: string[] = [];
  const short: string[] = [];
  let unprotected = 0;
  for (const entry of baseline) {
    const result = await decode(join(folder, entry.file), entry.satellite);
    const distinct = new Map(result.frames.map((f) => [f.frame, f]));
    const unknown = [...distinct.values()].filter((f) => !entry.known_frames_hex.includes(f.frame));
    const bare = unknown.filter((f) => f.integrity.crc !== 'ok' && f.integrity.fec === 'none');
    unprotected += bare.length;
    totals.ours += distinct.size;
    totals.peer += entry.peer_frames_default;
    totals.best += entry.best_of_all_tools;
    if (distinct.size < entry.peer_frames_default) below.push(entry.file);
    else if (distinct.size < entry.best_of_all_tools) short.push(entry.file);
    const cells = [distinct.size, entry.peer_frames_default, entry.best_of_all_tools, unknown.length];
    const note = result.error ? `  ${result.error.split('\n').at(-1)}` : bare.length > 0 ? '  without a check' : '';
    console.log(`${entry.file.padEnd(26)}${cells.map((c) => String(c).padStart(6)).join('')}${note}`);
  }
  console.log(
    `${`${baseline.length} files`.padEnd(26)}${[totals.ours, totals.peer, totals.best].map((c) => String(c).padStart(6)).join('')}`,
  );
  console.log(`below the peer's default: ${below.length === 0 ? 'none' : below.join(', ')}`);
  console.log(`below the best of all tools: ${short.length === 0 ? 'none' : short.join(', ')}`);
  console.log(`frames neither known nor checked: ${unprotected}`);
  return baseline.length > 0 && below.length === 0 && unprotected === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
