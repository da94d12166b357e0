import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import type { CommandIo } from '../../daemon/cli/command.ts';
import { run } from '../../daemon/cli/simulate.ts';
import { rtlTcpSource } from '../../daemon/drivers/sdr/rtl-tcp.ts';
import { openInput } from '../../daemon/inputs/open-input.ts';
import { simulatedPayload } from '../../daemon/simulator/payload.ts';
import { encodeFrames, framings } from '../../dsp/framing/index.ts';
import { parseMode } from '../../dsp/mode.ts';
import { makeReceiver } from '../../dsp/receiver.ts';
import { read, testDeps, total } from '../drivers/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'downlinkd-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Line {
  readonly satellite: string;
  readonly transmitter: string;
  readonly number: number;
  readonly start_s: number;
  readonly end_s: number;
  readonly in_capture: boolean;
  readonly frame: string;
}

function world(abort = new AbortController()) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  let out = '';
  let err = '';
  stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const io: CommandIo = { stdout, stderr, stdin: new PassThrough(), signal: abort.signal };
  return {
    io,
    abort,
    lines: () =>
      out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line),
    errors: () => err,
  };
}

async function received(path: string, mode: string, sampleRate: number): Promise<string[]> {
  const frames: string[] = [];
  const receiver = makeReceiver(
    parseMode(mode),
    { kind: 'iq', sampleRate },
    { frame: (f) => frames.push(Buffer.from(f.bytes).toString('hex')), reject: () => {} },
  );
  const input = await openInput(path, { sampleRate });
  const block = new Float32Array(2 * 4096);
  for (let n = await input.read(block); n > 0; n = await input.read(block)) receiver.push(block, n);
  receiver.flush();
  await input.close();
  return frames;
}

describe('simulate --output', () => {
  const modes = [
    ['fsk:9600:ax25-g3ruh', 'wav'],
    ['bpsk:1200:ax25-g3ruh', 'cf32'],
    ['dbpsk:1200:ao-40-fec', 'cu8'],
    ['afsk:1200:ax25,af_carrier=1700,deviation=500', 'cs16'],
    ['fsk:4800:ax100-asmgolay', 'wav'],
  ] as const;

  test.each(modes)('what it says it sent is what the receiver finds: %s as %s', async (mode, format) => {
    const path = join(folder, `a.${format}`);
    const { io, lines } = world();
    const argv = `--mode ${mode} --frames 3 --frame-interval-s 0.5 --sample-rate 48000 --start=-1 --ebn0-db 25 --output ${path}`;
    expect(await run.run(argv.split(' '), io)).toBe(0);
    expect(lines().map((l) => [l.number, l.in_capture])).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
    expect(await received(path, mode, 48_000)).toEqual(lines().map((l) => l.frame));
  });

  test('the same seed writes the same file; the length is as asked, and nothing else is left', async () => {
    const write = async (name: string, seed: number) => {
      const { io } = world();
      const argv = `--satellite gomx-3 --duration-s 1.5 --sample-rate 96000 --seed ${seed} --output ${join(folder, name)}`;
      expect(await run.run(argv.split(' '), io)).toBe(0);
      return readFileSync(join(folder, name));
    };
    const a = await write('s1.cu8', 1);
    expect(a.length).toBe(2 * 144_000);
    expect((await write('s2.cu8', 1)).equals(a)).toBe(true);
    expect((await write('s3.cu8', 2)).equals(a)).toBe(false);
    const wav = await write('s4.wav', 1);
    expect(wav.length).toBe(44 + 4 * 144_000);
    expect(wav.readUInt32LE(40)).toBe(4 * 144_000);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test("an own satellite of the settings' data folder; AFSK without tones is Bell 202", async () => {
    const settings = join(folder, 'station.yaml');
    const own = join(folder, 'data', 'config', 'satellites');
    mkdirSync(own, { recursive: true });
    writeFileSync(
      settings,
      `station: { name: T, latitude: 1, longitude: 2 }\nsdrs: [{ driver: simulator, receive: [GOMX-3] }]\ndata_folder: ${join(folder, 'data')}\n`,
    );
    const transmitter =
      '{ frequency_hz: 145825000, modulation: { kind: afsk, symbol_rate: 1200 }, framing: { kind: ax25 } }';
    writeFileSync(join(own, 'mine.yaml'), `name: Mine\nnorad: null\ntransmitters: [${transmitter}]\n`);
    const path = join(folder, 'mine.cs16');
    const { io, lines } = world();
    const argv = `--satellite mine --frames 2 --frame-interval-s 1.5 --sample-rate 48000 --start=-1 --ebn0-db 25 --output ${path}`;
    expect(await run.run([...argv.split(' '), '--config', settings], io)).toBe(0);
    expect(lines().map((line) => line.satellite)).toEqual(['Mine', 'Mine']);
    expect(await received(path, 'afsk:1200:ax25,af_carrier=1700,deviation=500', 48_000)).toEqual(
      lines().map((line) => line.frame),
    );
  });

  test('an abort leaves no file', async () => {
    const { io, abort } = world();
    abort.abort();
    const path = join(folder, 'none.cu8');
    expect(await run.run(['--satellite', 'GOMX-3', '--output', path], io)).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  test('what makes no sense is refused in one line', async () => {
    const usage: readonly (readonly [string, string])[] = [
      ['', '--listen'],
      ['--listen 1 --output x.wav', '--listen'],
      ['--listen 70000', '--listen 70000'],
      ['--output x.mp3', 'x.mp3'],
      ['--output x.wav --ebn0-db loud', '--ebn0-db loud'],
      ['--output x.wav --frames 1.5', '--frames'],
      ['--output x.wav --mode fsk:9600:morse', 'morse'],
      ['--output x.wav --satellite gomx-33', 'gomx-33'],
      ['--output x.wav --start noon', '--start noon'],
      ['--output x.wav --max-elevation-deg 91', '--max-elevation-deg'],
    ];
    for (const [argv, part] of usage) {
      const failure = run.run(argv.split(' ').filter(Boolean), world().io);
      await expect(failure).rejects.toMatchObject({ name: 'UsageError' });
      await expect(failure).rejects.toThrow(part);
    }
    const nowhere = run.run(['--output', join(folder, 'no', 'x.cu8'), '--duration-s', '0.1'], world().io);
    await expect(nowhere).rejects.toMatchObject({ code: 'SOURCE_FAILED' });
  });
});

describe('simulate --listen', () => {
  test('serves an rtl_tcp client, and ends by itself behind the last frame', async () => {
    const { io, lines, errors } = world();
    const argv = '--listen 0 --mode fsk:9600:ax25-g3ruh --frames 3 --frame-interval-s 0.2 --fast --start mid-pass';
    const done = run.run(argv.split(' '), io);
    while (!errors().includes('\n')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(errors()).toMatch(/^SIMULATED rtl_tcp on 127\.0\.0\.1:\d+\n$/);
    const port = Number(/:(\d+)\n/.exec(errors())![1]);
    const stop = new AbortController();
    const source = rtlTcpSource(
      { driver: 'rtl_tcp', host: '127.0.0.1', port, sampleRate: 250_000, centreHz: 437_000_000 },
      testDeps(),
    );
    const reading = read(source, () => false, stop);
    expect(await done).toBe(0);
    stop.abort();
    const seconds = total(await reading) / 2 / 250_000;
    expect(lines().map((l) => [l.number, l.in_capture])).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
    expect(seconds).toBeGreaterThan(lines()[2]!.end_s + 0.9);
  });

  test('ends on a signal; a port in use is one clear line', async () => {
    const first = world();
    const done = run.run(['--listen', '0'], first.io);
    while (!first.errors().includes('\n')) await new Promise((resolve) => setTimeout(resolve, 5));
    const port = /:(\d+)\n/.exec(first.errors())![1]!;
    await expect(run.run(['--listen', port], world().io)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `port ${port} of 127.0.0.1 is in use`,
    });
    first.abort.abort();
    expect(await done).toBe(0);
  });
});

test.each(Object.keys(framings))('%s takes the simulated payload, long satellite names too', (kind) => {
  for (const params of [{ kind }, { kind, frameSize: 74 }]) {
    const one = simulatedPayload(params, 'A SATELLITE WITH A VERY LONG NAME INDEED', 1);
    const two = simulatedPayload(params, 'A SATELLITE WITH A VERY LONG NAME INDEED', 2);
    expect(Buffer.from(one).equals(two)).toBe(false);
    expect(encodeFrames({ rsBasis: 'dual', ...params }, [one]).length).toBeGreaterThan(8 * one.length);
  }
});
