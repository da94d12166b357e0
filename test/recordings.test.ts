import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { DecodedFrame } from '../daemon/api/wire.ts';
import { dispatch } from '../daemon/cli/dispatch.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'recordings');

interface Baseline {
  readonly file: string;
  readonly satellite: string;
  readonly duration_s: number;
  readonly peer_frames_default: number;
  readonly known_frames_hex: readonly string[];
}

const baseline = JSON.parse(readFileSync(join(folder, 'baseline.json'), 'utf8')) as Baseline[];

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. */
async function downlinkd(...argv: string[]): Promise<Outcome> {
  const collect = () => {
    const parts: Buffer[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        parts.push(chunk);
        done();
      },
    });
    return { stream, text: () => Buffer.concat(parts).toString() };
  };
  const stdout = collect();
  const stderr = collect();
  const exitCode = await dispatch(argv, {
    stdout: stdout.stream,
    stderr: stderr.stream,
    stdin: new PassThrough().end(),
    signal: new AbortController().signal,
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function framesOf(outcome: Outcome): DecodedFrame[] {
  return outcome.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DecodedFrame);
}

test('every recording is in the baseline, and all of them stay under 6 MB', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.wav'));
  expect(files.toSorted()).toEqual(baseline.map((entry) => entry.file).toSorted());
  expect(files.reduce((bytes, name) => bytes + statSync(join(folder, name)).size, 0)).toBeLessThan(6e6);
});

describe('a recording and the name of its satellite give the frames', () => {
  test.each(baseline)('$file: $satellite', async (entry) => {
    const outcome = await downlinkd('decode', join(folder, entry.file), '--satellite', entry.satellite);
    expect(outcome.exitCode).toBe(0);
    const frames = framesOf(outcome);
    const distinct = new Set(frames.map((f) => f.frame));
    expect(distinct.size).toBeGreaterThanOrEqual(entry.peer_frames_default);
    const unproven = frames.filter(
      ({ frame, integrity }) =>
        !entry.known_frames_hex.includes(frame) && integrity.crc !== 'ok' && integrity.fec === 'none',
    );
    expect(unproven).toEqual([]);
    for (const frame of frames) {
      expect(frame).toMatchObject({ satellite: entry.satellite, time: null });
      expect(frame.sample).toBeGreaterThanOrEqual(0);
      expect(frame.sample).toBeLessThan(entry.duration_s * 48_000);
    }
  });
});
