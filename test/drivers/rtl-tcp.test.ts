import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { greeting } from '../../daemon/drivers/sdr/rtl-protocol.ts';
import { type RtlTcpSettings, rtlTcpSource } from '../../daemon/drivers/sdr/rtl-tcp.ts';
import type { SampleBuffer } from '../../daemon/drivers/sdr/source.ts';
import { read, spawnScript, testDeps, total } from './world.ts';

const quick = { stallMs: 120_000, backOff: { firstMs: 5, mostMs: 20 } };
const impatient = { ...quick, stallMs: 150 };
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** A server that lets `script` speak to each client; gives its port and what clients sent. */
async function fakeServer(script: (socket: Socket, connection: number) => void) {
  const received: Buffer[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    const mine = connections++;
    received[mine] = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      received[mine] = Buffer.concat([received[mine]!, data]);
    });
    socket.on('error', () => {});
    script(socket, mine);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return { port: address.port, received };
}

/** I is even, Q the odd number above it: a stream out of step shows at once. */
function pattern(pairs: number): Uint8Array {
  return Uint8Array.from({ length: 2 * pairs }, (_, i) => i & 0xff);
}

function expectAligned(buffers: readonly SampleBuffer[]): void {
  let next = 0;
  for (const { bytes, firstSample } of buffers) {
    expect(bytes.length % 2).toBe(0);
    expect(firstSample).toBeGreaterThanOrEqual(next);
    next = firstSample + bytes.length / 2;
    for (let i = 0; i < bytes.length; i += 2)
      if (bytes[i]! % 2 !== 0 || bytes[i + 1] !== bytes[i]! + 1) throw new Error(`out of step at ${i}`);
  }
}

function settings(port: number, over: Partial<RtlTcpSettings> = {}): RtlTcpSettings {
  return { driver: 'rtl_tcp', host: '127.0.0.1', port, sampleRate: 250_000, centreHz: 437_000_000, ...over };
}

const good = greeting(5, 29);

describe('rtl_tcp client', () => {
  test('sends the settings as commands, big endian', async () => {
    const { port, received } = await fakeServer((socket, connection) => {
      socket.write(good);
      // Eight commands of five bytes.
      socket.on('data', () => received[connection]!.length === 40 && socket.write(pattern(10_000)));
    });
    const source = rtlTcpSource(
      settings(port, { gainDb: 33.8, ppm: -3, biasTee: true, directSampling: 'q', agc: true }),
      testDeps(),
      quick,
    );
    const buffers = await read(source, (b) => b.length > 0);
    expectAligned(buffers);
    const commands = new Map<number, number>();
    for (let at = 0; at < received[0]!.length; at += 5)
      commands.set(received[0]![at]!, received[0]!.readInt32BE(at + 1));
    expect(Object.fromEntries(commands)).toEqual({
      1: 437_000_000,
      2: 250_000,
      3: 1,
      4: 338,
      5: -3,
      8: 1,
      9: 2,
      14: 1,
    });
    expect(source.state).toEqual({ at: 'closed' });
  });

  test('one byte at a time, greeting included, keeps pairs together', async () => {
    const { port } = await fakeServer((socket) => {
      const all = Buffer.concat([good, pattern(6000)]);
      let at = 0;
      const next = () => {
        // Single bytes at first, then odd pieces.
        const n = at < 200 ? 1 : 331;
        if (at >= all.length || socket.destroyed) return;
        socket.write(all.subarray(at, at + n), () => setImmediate(next));
        at += n;
      };
      socket.setNoDelay(true);
      next();
    });
    const buffers = await read(rtlTcpSource(settings(port), testDeps(), quick), (b) => total(b) >= 10_000);
    expectAligned(buffers);
    expect(Buffer.concat(buffers.map((b) => b.bytes))).toEqual(Buffer.from(pattern(6000)).subarray(0, total(buffers)));
  });

  test('a truncated greeting, a wrong one and garbage are given up, with the reason, until a good one comes', async () => {
    const { port } = await fakeServer((socket, connection) => {
      if (connection === 0) socket.end(good.subarray(0, 7));
      else if (connection === 1) socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      else if (connection === 2) socket.end(Buffer.alloc(100_000, 0xa5));
      else if (connection === 3) socket.destroy();
      else {
        socket.write(good);
        socket.write(pattern(20_000));
      }
    });
    const deps = testDeps();
    const buffers = await read(rtlTcpSource(settings(port), deps, quick), (b) => b.length > 0);
    expectAligned(buffers);
    expect(buffers[0]!.firstSample).toBe(0);
    const reasons = deps.events.filter((e) => e.event === 'interrupted').map((e) => e.message);
    expect(reasons).toHaveLength(4);
    expect(reasons[0]).toContain('before its greeting');
    expect(reasons[1]).toContain('no rtl_tcp server');
    expect(reasons[2]).toContain('no rtl_tcp server');
    expect(reasons.every((r) => !r.includes('\n'))).toBe(true);
  });

  test('after a disconnect in the middle of a pair, the next connection is in step, marked and later', async () => {
    const { port } = await fakeServer((socket, connection) => {
      socket.write(good);
      socket.write(pattern(10_000));
      if (connection < 2) socket.end(Uint8Array.of(0)); // half a pair
    });
    const deps = testDeps();
    const source = rtlTcpSource(settings(port), deps, quick);
    const beganMs = performance.now();
    const buffers = await read(source, (b) => total(b) >= 50_000);
    const tookS = (performance.now() - beganMs) / 1000;
    expectAligned(buffers);
    const gaps = buffers.filter((b) => b.gap);
    expect(gaps).toHaveLength(2);
    for (const gap of gaps) {
      const before = buffers[buffers.indexOf(gap) - 1]!;
      const missing = gap.firstSample - (before.firstSample + before.bytes.length / 2);
      expect(missing).toBeGreaterThan(0); // some milliseconds passed
      expect(missing).toBeLessThan(250_000 * tookS);
    }
  });

  test('a server that falls silent is left for a new connection', async () => {
    const { port } = await fakeServer((socket, connection) => {
      socket.write(good);
      socket.write(pattern(connection === 0 ? 5000 : 20_000)); // one block, then silence
    });
    const deps = testDeps();
    const buffers = await read(rtlTcpSource(settings(port), deps, impatient), (b) => total(b) >= 30_000);
    expectAligned(buffers);
    expect(deps.events.some((e) => e.message.includes('sent nothing for 0.15 s'))).toBe(true);
  });

  test('a server that only accepts is given up as well', async () => {
    const { port } = await fakeServer((socket, connection) => {
      if (connection > 0) socket.write(Buffer.concat([good, pattern(20_000)]));
    });
    const deps = testDeps();
    await read(rtlTcpSource(settings(port), deps, impatient), (b) => b.length > 0);
    expect(deps.events[0]!.message).toContain('sent nothing');
  });

  test('tuning while it streams sends the change and marks a gap without a hole', async () => {
    const { port, received } = await fakeServer((socket) => {
      socket.write(good);
      const timer = setInterval(() => socket.write(pattern(5000)), 5);
      socket.on('close', () => clearInterval(timer));
    });
    const source = rtlTcpSource(settings(port), testDeps(), quick);
    let tuned = false;
    const buffers = await read(source, (b) => {
      if (b.length === 3 && !tuned) {
        tuned = true;
        void source.tune({ centreHz: 145_800_000.4, sampleRate: 1_024_000 });
      }
      return b.filter((x) => x.gap).length > 0 && b.length > 8;
    });
    expectAligned(buffers);
    const at = buffers.findIndex((b) => b.gap);
    const before = buffers[at - 1]!;
    expect(buffers[at]!.firstSample).toBe(before.firstSample + before.bytes.length / 2);
    const lastSent = () => {
      const sent = received[0]!.subarray(-10);
      return [sent[0], sent.readUInt32BE(1), sent[5], sent.readUInt32BE(6)];
    };
    await expect.poll(lastSent).toEqual([2, 1_024_000, 1, 145_800_000]);
  });

  test('tunings that an RTL-SDR can not do are refused', async () => {
    const source = rtlTcpSource(settings(1), testDeps(), quick);
    await expect(source.tune({ centreHz: 437e6, sampleRate: 500_000 })).rejects.toMatchObject({
      code: 'TUNING_IMPOSSIBLE',
    });
    await expect(source.tune({ centreHz: 5e9, sampleRate: 250_000 })).rejects.toMatchObject({
      code: 'TUNING_IMPOSSIBLE',
    });
    await expect(source.tune({ centreHz: Number.NaN, sampleRate: 250_000 })).rejects.toMatchObject({
      code: 'TUNING_IMPOSSIBLE',
    });
    await expect(source.tune({ centreHz: 437e6, sampleRate: 2.4e6 })).resolves.toEqual({
      centreHz: 437e6,
      sampleRate: 2.4e6,
    });
  });

  test('an abort while waiting ends it', async () => {
    const stop = new AbortController();
    const { port } = await fakeServer((socket) => socket.destroy());
    const source = rtlTcpSource(settings(port), testDeps(), { backOff: { firstMs: 60_000, mostMs: 60_000 } });
    const reading = read(source, () => false, stop);
    while (source.state.at !== 'waiting') await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    expect(await reading).toEqual([]);
    expect(source.state).toEqual({ at: 'closed' });
  });
});

describe('rtl_tcp started here', () => {
  const fakeProgram = `
    const net = require('node:net');
    const port = Number(process.argv[process.argv.indexOf('-p') + 1]);
    process.stderr.write('Found 1 device(s): ' + process.argv.slice(1).join(' ') + '\\n');
    setTimeout(() => net.createServer((s) => {
      s.on('error', () => {});
      s.write(Buffer.from('52544c30000000050000001d', 'hex'));
      const t = setInterval(() => s.write(Buffer.from(Array.from({ length: 8192 }, (_, i) => i & 255))), 5);
      s.on('close', () => clearInterval(t));
    }).listen(port, '127.0.0.1'), 100);`;

  test('by serial number, on this machine only; ended with the source', async () => {
    const started: { argv: readonly string[]; child: ReturnType<typeof spawnScript> }[] = [];
    const deps = testDeps({
      spawn: (argv) => {
        const child = spawnScript(fakeProgram, '--', ...argv.slice(1));
        started.push({ argv, child });
        return child;
      },
    });
    const source = rtlTcpSource({ driver: 'rtl_tcp', serial: '00000042', sampleRate: 250_000 }, deps, quick);
    const buffers = await read(source, (b) => total(b) >= 50_000);
    expectAligned(buffers);
    expect(started).toHaveLength(1);
    expect(started[0]!.argv.slice(0, 4)).toEqual(['rtl_tcp', '-a', '127.0.0.1', '-p']);
    expect(started[0]!.argv.slice(5)).toEqual(['-d', '00000042']);
    expect(started[0]!.child.signalCode).toBe('SIGTERM');
    expect(deps.events.some((e) => e.event === 'childOutput' && e.message.includes('Found 1 device'))).toBe(true);
  });

  test('started again when it ends, with a gap', async () => {
    const started: ReturnType<typeof spawnScript>[] = [];
    const deps = testDeps({
      spawn(argv) {
        const child = spawnScript(fakeProgram, '--', ...argv.slice(1));
        started.push(child);
        return child;
      },
    });
    const source = rtlTcpSource({ driver: 'rtl_tcp', sampleRate: 250_000 }, deps, quick);
    const buffers = await read(source, (b) => {
      if (b.length === 1) started[0]!.kill('SIGKILL');
      return b.some((x) => x.gap) && !b.at(-1)!.gap;
    });
    expectAligned(buffers);
    expect(started).toHaveLength(2);
  });

  test('a missing program is one clear line that names the package', async () => {
    const stop = new AbortController();
    const real = testDeps();
    const deps = testDeps({ spawn: (argv) => real.spawn([`/nonexistent/${argv[0]}`, ...argv.slice(1)]) });
    const source = rtlTcpSource({ driver: 'rtl_tcp' }, deps, quick);
    const reading = read(source, () => false, stop);
    while (!deps.events.some((e) => e.event === 'interrupted')) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await reading;
    expect(deps.events[0]!.message).toBe('the program rtl_tcp is missing: install the Debian package rtl-sdr');
  });
});
