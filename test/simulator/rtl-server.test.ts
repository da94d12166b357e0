import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { rtlCommand } from '../../daemon/drivers/sdr/rtl-protocol.ts';
import { rtlTcpSource } from '../../daemon/drivers/sdr/rtl-tcp.ts';
import { type RtlServer, type RtlServerOptions, startRtlServer } from '../../daemon/simulator/rtl-server.ts';
import type { Scene, TransmittedFrame } from '../../daemon/simulator/scene.ts';
import { makeSynthesizer } from '../../daemon/simulator/synthesizer.ts';
import { parseMode } from '../../dsp/mode.ts';
import { read, testDeps, total } from '../drivers/world.ts';

const scene: Scene = {
  seed: 5,
  signals: [
    {
      satellite: 'TEST-1',
      transmitter: 'fsk-9600-ax25-g3ruh',
      mode: parseMode('fsk:9600:ax25-g3ruh'),
      frequencyHz: 437e6,
      ebn0Db: 15,
      frameIntervalS: 0.2,
      frames: 5,
    },
  ],
  pass: { altitudeKm: 500, maxElevationDeg: 60 },
  startS: -60,
  level: 'constant',
  repeat: false,
};
const servers: RtlServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function start(over: Partial<RtlServerOptions> = {}): Promise<RtlServer> {
  const server = await startRtlServer({ host: '127.0.0.1', port: 0, scene, lossless: false, fast: true, ...over });
  servers.push(server);
  return server;
}

/** Everything a raw client gets after sending these commands, until the server ends the stream or `bytes` have come. */
async function rawClient(port: number, commands: readonly Uint8Array[], bytes = Number.POSITIVE_INFINITY) {
  const socket = connect(port, '127.0.0.1');
  for (const command of commands) socket.write(command);
  const parts: Buffer[] = [];
  let have = 0;
  for await (const part of socket) {
    parts.push(part as Buffer);
    have += (part as Buffer).length;
    if (have >= bytes) break;
  }
  socket.destroy();
  const all = Buffer.concat(parts);
  return { greeting: all.subarray(0, 12), samples: all.subarray(12) };
}

const tuned = [rtlCommand('sampleRate', 250_000), rtlCommand('frequency', 437_000_000)];

describe('the simulated rtl_tcp server', () => {
  test('greets like an R820T, obeys the tuning, sends exactly what the synthesizer makes, and ends', async () => {
    const frames: TransmittedFrame[] = [];
    const server = await start({ transmitted: (f) => frames.push(f), tailS: 0.5 });
    const others = (['gainMode', 'gain', 'ppm', 'agc', 'biasTee', 'offsetTuning'] as const).map((c) =>
      rtlCommand(c, 1),
    );
    const { greeting, samples } = await rawClient(server.port, [...others, ...tuned]);
    await server.done;
    expect(greeting.toString('latin1', 0, 4)).toBe('RTL0');
    expect([greeting.readUInt32BE(4), greeting.readUInt32BE(8)]).toEqual([5, 29]);
    expect(frames.map((f) => [f.number, f.inCapture])).toEqual([1, 2, 3, 4, 5].map((n) => [n, true]));
    const oracle = makeSynthesizer({ scene, format: 'cu8' });
    oracle.tune(437e6, 250_000);
    const expected = new Uint8Array(samples.length);
    oracle.fill(expected);
    expect(samples.equals(expected)).toBe(true);
    expect(samples.length / 2 / 250_000).toBeGreaterThan(frames.at(-1)!.endS + 0.49);
    expect(server.droppedSamples).toBe(0);
  });

  test('test mode sends the counter', async () => {
    const server = await start();
    const { samples } = await rawClient(server.port, [rtlCommand('testMode', 1), ...tuned], 100_000);
    expect(samples.every((byte, k) => byte === (k & 0xff))).toBe(true);
  });

  test('a second client waits until the first one leaves', async () => {
    const server = await start({ fast: false });
    const first = connect(server.port, '127.0.0.1');
    for (const command of tuned) first.write(command);
    await once(first, 'data');
    const second = rawClient(server.port, tuned, 10_000);
    let served = false;
    void second.then(() => {
      served = true;
    });
    await once(first, 'data');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(served).toBe(false);
    first.destroy();
    expect((await second).greeting.toString('latin1', 0, 4)).toBe('RTL0');
  });

  test('at real time a client that does not read loses samples; a lossless one waits', async () => {
    // At 20 MS/s the buffers are full soon.
    const fastTuning = [rtlCommand('sampleRate', 20_000_000), rtlCommand('frequency', 145_000_000)];
    async function connected(lossless: boolean) {
      const server = await start({ fast: false, lossless, durationS: 60 });
      const socket = connect(server.port, '127.0.0.1');
      for (const command of fastTuning) socket.write(command);
      socket.pause();
      return { server, socket };
    }
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const lossy = await connected(false);
    const beganMs = performance.now();
    while (lossy.server.droppedSamples === 0) await pause(20);
    const tookMs = performance.now() - beganMs;
    lossy.socket.destroy();
    const lossless = await connected(true);
    await pause(1.5 * tookMs);
    expect(lossless.server.droppedSamples).toBe(0);
    lossless.socket.destroy();
  });

  test('a port in use is a system error with its code', async () => {
    const server = await start();
    await expect(start({ port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('simulated server and own client over TCP', () => {
  const settings = {
    driver: 'rtl_tcp',
    host: '127.0.0.1',
    sampleRate: 250_000,
    centreHz: 437_000_000,
  } as const;
  const quick = { backOff: { firstMs: 5, mostMs: 20 } };

  test('every sample arrives, in order', async () => {
    const server = await start();
    const source = rtlTcpSource({ ...settings, port: server.port }, testDeps(), quick);
    const buffers = await read(source, (b) => total(b) >= 600_000);
    const oracle = makeSynthesizer({ scene, format: 'cu8' });
    oracle.tune(437e6, 250_000);
    const expected = new Uint8Array(total(buffers));
    oracle.fill(expected);
    expect(Buffer.concat(buffers.map((b) => b.bytes)).equals(expected)).toBe(true);
    expect(buffers.some((b) => b.gap)).toBe(false);
  });

  test('a server that goes away and comes back is found again; the samples stay in step', async () => {
    const options = { scene: { ...scene, signals: [] } };
    const first = await start(options);
    const source = rtlTcpSource({ ...settings, port: first.port }, testDeps(), quick);
    let replaced: Promise<unknown> | null = null;
    let second: RtlServer | null = null;
    const oracle = makeSynthesizer({ scene: options.scene, format: 'cu8' });
    oracle.tune(437e6, 250_000);
    const expected = new Uint8Array(40_000);
    oracle.fill(expected);
    const buffers = await read(source, (b) => {
      if (b.length === 20 && !replaced)
        replaced = first.stop().then(async () => {
          second = await start({ ...options, port: first.port });
        });
      const gap = b.findIndex((x) => x.gap);
      return gap >= 0 && total(b.slice(gap)) >= expected.length;
    });
    await replaced;
    expect(second).not.toBeNull();
    const at = buffers.findIndex((b) => b.gap);
    const before = buffers[at - 1]!;
    expect(buffers[at]!.firstSample).toBeGreaterThan(before.firstSample + before.bytes.length / 2);
    // The new server starts its scene anew: a stream out of step by a byte would not match.
    const after = Buffer.concat(buffers.slice(at).map((b) => b.bytes)).subarray(0, expected.length);
    expect(after.equals(expected)).toBe(true);
  });
});
