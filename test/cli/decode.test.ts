import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DecodedFrame } from '../../daemon/api/wire.ts';
import { findProject } from '../../daemon/core/project.ts';
import { makeSignal } from '../bench/signals.ts';
import { downlinkd } from './downlinkd.ts';
import { ax25Frame, iqOfFrames, iqWav } from './recording.ts';

const mode = 'fsk:9600:ax25-g3ruh,deviation=2400';
const rate = 48000;
const frames = ['first', 'second', 'second'].map(ax25Frame);
const expected = frames.map((frame) => Buffer.from(frame).toString('hex'));
let folder = '';
let recording: Buffer = Buffer.alloc(0);
const path = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-decode-'));
  recording = iqWav(iqOfFrames(mode, frames, rate), rate);
  writeFileSync(path('pass.wav'), recording);
});
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (stdout: Buffer) =>
  stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DecodedFrame);

test('a recording gives its frames as JSON lines, without a time that nobody knows', async () => {
  const { code, stdout, stderr } = await downlinkd(['decode', path('pass.wav'), '--mode', mode]);
  expect([code, stderr]).toEqual([0, '']);
  const found = lines(stdout);
  expect(found.map((f) => f.frame)).toEqual(expected);
  expect(found.map((f) => [f.time, f.satellite, f.transmitter, f.mode])).toEqual(
    frames.map(() => [null, null, null, 'fsk:9600:ax25-g3ruh,deviation_hz=2400']),
  );
  // A preamble of 32 bytes and a flag, or a few, lie between the burst's start and the first bit.
  for (const [i, { sample }] of found.entries()) {
    const afterStart = sample - (0.1 + 0.3 * i) * rate;
    expect(afterStart).toBeGreaterThan((32 * 8 - 4) * 5);
    expect(afterStart).toBeLessThan((32 * 8 + 40) * 5);
  }
});

test('a start time gives times, and standard input gives the same as the file', async () => {
  const argv = ['--mode', mode, '--start-time', '2026-05-01T12:00:00Z'];
  const [file, piped] = await Promise.all([
    downlinkd(['decode', path('pass.wav'), ...argv]),
    downlinkd(['decode', '-', ...argv], { stdin: recording }),
  ]);
  expect(piped.stdout.toString()).toBe(file.stdout.toString());
  expect([file.code, piped.code]).toEqual([0, 0]);
  for (const { time, sample } of lines(file.stdout)) {
    expect(Date.parse(time!)).toBe(Math.floor(Date.parse('2026-05-01T12:00:00Z') + (sample * 1000) / rate));
  }
});

test("--telemetry adds what a frame says, by its satellite's definition", async () => {
  const recording = join(findProject().folder, 'test/recordings/ao73.wav');
  const { stdout } = await downlinkd(['decode', recording, '--satellite', 'AO-73', '--telemetry']);
  const { telemetry } = JSON.parse(stdout.toString());
  expect(telemetry).toMatchObject({ definition: 'funcube_1', reason: null });
  const voltage = { name: 'real_time.eps.battery_voltage', value: 8140, unit: 'mV', offset: 9, length: 2 };
  expect(telemetry.fields).toContainEqual(voltage);
});

test('repaired frames can be refused', async () => {
  const signal = makeSignal({
    transmission: { mode: 'fsk:9600:ax25-g3ruh,deviation_hz=2400', content: 'ax25', frameBytes: 100, codeRate: 1 },
    channel: { ebn0Db: 6.3, sampleRate: rate, clockPpm: 20, offsetHz: 300, offsetHzPerS: 20 },
    bursts: 25,
    seed: 3,
    tailS: 0.5,
  });
  const pieces = [...signal.pieces()];
  const iq = new Float32Array(pieces.reduce((n, piece) => n + piece.length, 0));
  pieces.reduce((at, piece) => {
    iq.set(
      piece.map((x) => 0.1 * x),
      at,
    );
    return at + piece.length;
  }, 0);
  writeFileSync(path('weak.wav'), iqWav(iq, rate));
  const argv = ['decode', path('weak.wav'), '--mode', mode];
  const [all, intact] = await Promise.all([downlinkd(argv), downlinkd([...argv, '--no-repair'])]);
  const repaired = lines(all.stdout).filter(({ integrity }) => integrity.repairedBits > 0);
  expect(repaired.length).toBeGreaterThan(2);
  const kept = lines(intact.stdout);
  expect(kept.length).toBeGreaterThan(2);
  expect(kept.every(({ integrity }) => integrity.repairedBits === 0)).toBe(true);
  expect(kept.length).toBe(lines(all.stdout).length - repaired.length);
});

test('hex and KISS, to standard output and to a file that appears complete', async () => {
  const kiss = path('out.kiss');
  const [hex, written] = await Promise.all([
    downlinkd(['decode', path('pass.wav'), '--mode', mode, '--format', 'hex']),
    downlinkd([
      'decode',
      path('pass.wav'),
      '--mode',
      mode,
      '--format',
      'kiss',
      '--output',
      kiss,
      '--start-time',
      '2026-05-01T12:00:00Z',
    ]),
  ]);
  expect(hex.stdout.toString()).toBe(expected.map((line) => `${line}\n`).join(''));
  expect([written.code, written.stdout.length, written.stderr]).toEqual([0, 0, '']);
  const records = readFileSync(kiss).toString('hex').split(/c0c0/);
  expect(records.filter((_, i) => i % 2 === 1).map((r) => r.replace(/^00|c0$/g, ''))).toEqual(expected);
  expect(records.filter((_, i) => i % 2 === 0).every((r) => /^(c0)?09/.test(r))).toBe(true);
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
});

test('raw IQ away from the middle, with --offset-hz', async () => {
  const iq = iqOfFrames(mode, frames.slice(0, 1), 96000);
  const shifted = new Float32Array(iq.length);
  for (let k = 0; 2 * k < iq.length; k++) {
    const turn = 2 * Math.PI * ((20000 / 96000) * k);
    shifted[2 * k] = iq[2 * k]! * Math.cos(turn) - iq[2 * k + 1]! * Math.sin(turn);
    shifted[2 * k + 1] = iq[2 * k]! * Math.sin(turn) + iq[2 * k + 1]! * Math.cos(turn);
  }
  writeFileSync(path('raw.cf32'), new Uint8Array(shifted.buffer));
  const { code, stdout } = await downlinkd([
    'decode',
    path('raw.cf32'),
    '--sample-rate',
    '96000',
    '--offset-hz',
    '20000',
    '--mode',
    mode,
  ]);
  const found = lines(stdout);
  expect([code, found.map((f) => f.frame)]).toEqual([0, expected.slice(0, 1)]);
  expect(Math.abs(found[0]!.offset_hz!)).toBeLessThan(200);
});

test('a folder gives one summary, and a bad file in it makes the exit code 1', async () => {
  mkdirSync(path('many'));
  writeFileSync(path('many/a.wav'), recording);
  writeFileSync(path('many/b.wav'), recording.subarray(0, recording.length / 2));
  writeFileSync(path('many/c.wav'), 'no WAV');
  writeFileSync(path('many/readme.txt'), 'not looked at');
  const { code, stdout, stderr } = await downlinkd(['decode', path('many'), '--mode', mode]);
  expect(code).toBe(1);
  const byInput = lines(stdout).map((f) => (f as DecodedFrame & { input: string }).input);
  expect(byInput.filter((name) => name.endsWith('a.wav'))).toHaveLength(3);
  expect(byInput.filter((name) => name.endsWith('b.wav'))).toHaveLength(2);
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(/^downlinkd: .*b\.wav: truncated, 0\.\d+ s of 1\.100 s are there$/),
    expect.stringMatching(/^downlinkd: .*c\.wav: is not a WAV file$/),
    expect.stringMatching(/a\.wav {7}3$/),
    expect.stringMatching(/b\.wav {7}2 {2}damaged$/),
    expect.stringMatching(/c\.wav {7}0 {2}not decoded$/),
    '5 frames in 3 inputs, 2 of them bad',
    '',
  ]);
});

test('a bad input leaves the old output as it was', async () => {
  writeFileSync(path('old.jsonl'), 'old');
  writeFileSync(path('text.wav'), 'no WAV');
  const { code, stderr } = await downlinkd(['decode', path('text.wav'), '--mode', mode, '--output', path('old.jsonl')]);
  expect([code, stderr]).toEqual([1, `downlinkd: ${path('text.wav')}: is not a WAV file\n`]);
  expect(readFileSync(path('old.jsonl'), 'utf8')).toBe('old');
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
});

test('all transmitters of a satellite run, and each frame names its own', async () => {
  const [first, second] = [ax25Frame('fast'), ax25Frame('slow')];
  const iq = [
    iqOfFrames('fsk:9600:ax25-g3ruh', [first], rate),
    iqOfFrames('fsk:1200:astrocast-fx25-nrz-i', [second], rate, 2.5),
  ];
  writeFileSync(path('both.wav'), iqWav(Float32Array.from(iq.flatMap((part) => [...part])), rate));
  const { code, stderr, stdout } = await downlinkd(['decode', path('both.wav'), '--satellite', 'astrocast 0.2']);
  expect([code, stderr]).toEqual([0, '']);
  expect(lines(stdout).map((f) => [f.satellite, f.transmitter, f.frame])).toEqual([
    ['Astrocast 0.2', 'fsk-9600-ax25-g3ruh', Buffer.from(first).toString('hex')],
    ['Astrocast 0.2', 'fsk-1200-astrocast-fx25-nrz-i', Buffer.from(second).toString('hex')],
  ]);
});
