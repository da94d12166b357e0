import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import type { FramesPage, StoredFrame } from '../../daemon/api/wire.ts';
import { downlinkd, type Running } from './process.ts';

/** Reads the stream behind `since` until `count` frames have come, then breaks the connection off. */
async function readStream(url: string, since: number, count: number): Promise<StoredFrame[]> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/frames/stream?since=${since}`);
  const frames: StoredFrame[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      frames.push(JSON.parse(String(data)) as StoredFrame);
      if (frames.length === count) resolve();
    });
  });
  // Frames that are already on their way behind the last one count as not received.
  socket.terminate();
  return frames.slice(0, count);
}

const framesPerTransmitter = 6;
/** A pass from `simulate --listen` reaches a WebSocket client frame by frame, exactly once, also across a reconnect. */
export async function passReachesClient(sampleRate: number): Promise<void> {
  const running: Running[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
  const start = (...argv: string[]): Running => {
    const started = downlinkd(...argv);
    running.push(started);
    return started;
  };
  try {
    await pass(start, folder, sampleRate);
  } finally {
    for (const { child, exit } of running) {
      child.kill('SIGKILL');
      await exit();
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pass(start: (...argv: string[]) => Running, folder: string, sampleRate: number): Promise<void> {
  const simulator = start(
    ...['simulate', '--listen', '0', '--lossless', '--satellite', 'GOMX-3', '--start', 'mid-pass', '--seed', '5'],
    ...['--ebn0-db', '18', '--frames', String(framesPerTransmitter), '--frame-interval-s', '0.8'],
    ...['--frequency-error-ppm', '1.5'],
  );
  const [, port] = await simulator.seen(/rtl_tcp on 127\.0\.0\.1:(\d+)/);
  const config = join(folder, 'station.yaml');
  writeFileSync(
    config,
    `station: { callsign: N0CALL }
data_folder: data
sdrs:
  - { driver: rtl_tcp, host: 127.0.0.1, port: ${port}, sample_rate: ${sampleRate}, receive: [GOMX-3] }
`,
  );
  const station = start('run', '--config', config, '--port', '0');
  const [, url] = await station.seen(/listens on (http:\S+)\n/);

  const received = await readStream(url!, 0, 2);
  received.push(...(await readStream(url!, received.at(-1)!.seq, 1)));
  received.push(...(await readStream(url!, received.at(-1)!.seq, framesPerTransmitter - 3)));

  const sent = simulator.output.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(sent).toHaveLength(framesPerTransmitter);
  expect(received.map(({ frame }) => frame)).toEqual(sent.map(({ frame }) => frame));
  expect(received.map(({ seq }) => seq)).toEqual(sent.map((_, i) => i + 1));
  // The times between the frames are those at which they were sent, within the preamble's length.
  const seconds = received.map(({ time }) => Date.parse(time!) / 1000);
  for (let i = 1; i < sent.length; i++) {
    expect(Math.abs(seconds[i]! - seconds[0]! - (sent[i].start_s - sent[0].start_s))).toBeLessThan(0.02);
  }
  for (const { satellite, transmitter, simulated, offset_hz } of received) {
    // A real radio: the station can't know what is at the other end of rtl_tcp.
    expect({ satellite, transmitter, simulated }).toEqual({
      satellite: 'GOMX-3',
      transmitter: sent[0].transmitter,
      simulated: false,
    });
    expect(offset_hz).not.toBeNull();
  }

  const stored = (await (await fetch(`${url}/api/frames`)).json()) as FramesPage;
  expect(stored.frames).toEqual(received);

  station.child.kill('SIGTERM');
  expect(await station.exit()).toBe(0);
  const printed = start('frames', '--config', config, '--format', 'hex');
  expect(await printed.exit()).toBe(0);
  expect(printed.output.stdout.trim().split('\n')).toEqual(sent.map(({ frame }) => frame));
}
