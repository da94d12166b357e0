import { describe, expect, test } from 'vitest';
import { makeSource } from '../../daemon/drivers/sdr/index.ts';
import { type SimulatorSettings, simulatorSource } from '../../daemon/drivers/sdr/simulator.ts';
import type { Satellite } from '../../daemon/satellites/satellite.ts';
import { parseMode } from '../../dsp/mode.ts';
import { makeReceiver } from '../../dsp/receiver.ts';
import { read, testDeps, total, virtualTime } from './world.ts';

const satellite: Satellite = {
  name: 'TEST-1',
  norad: 99_999,
  alternativeNames: [],
  transmitters: [{ id: 'fsk-9600-ax25-g3ruh', frequencyHz: 437_000_000, mode: parseMode('fsk:9600:ax25-g3ruh') }],
};
const deps = () => testDeps({ ...virtualTime(), findSatellite: () => satellite });
const settings: SimulatorSettings = {
  driver: 'simulator',
  receive: [{ satellite: 'TEST-1' }],
  sampleRate: 48_000,
  centreHz: 437_000_000,
  frameIntervalS: 1,
};
const power = (bytes: Uint8Array) => bytes.reduce((sum, b) => sum + (b - 127.5) ** 2, 0) / bytes.length;

describe('the simulated radio', () => {
  test('says that it is simulated, and runs at the pace of the clock it is given', async () => {
    const world = deps();
    const source = makeSource({ ...settings, id: 'sdr0' }, world);
    expect([source.simulated, source.kind, source.lossless, source.format]).toEqual([true, 'simulator', false, 'cu8']);
    const buffers = await read(source, (b) => total(b) >= 2 * 96_000);
    expect(world.clock.monotonic()).toBeCloseTo(2000, 0);
    let next = 0;
    for (const b of buffers) {
      expect([b.firstSample, b.gap]).toEqual([next, false]);
      next += b.bytes.length / 2;
    }
  });

  test('its frames are received, say that they are simulated, and are numbered without a hole', async () => {
    const source = simulatorSource(settings, deps());
    const buffers = await read(source, (b) => total(b) >= 2 * 5 * 48_000);
    const texts: string[] = [];
    const receiver = makeReceiver(
      satellite.transmitters[0]!.mode,
      { kind: 'iq', sampleRate: 48_000, offsetHz: 5000, searchHz: 5000 },
      { frame: (f) => texts.push(new TextDecoder().decode(f.bytes.subarray(16))), reject: () => {} },
    );
    for (const { bytes } of buffers) {
      const iq = Float32Array.from(bytes, (b) => (b - 127.5) / 127.5);
      receiver.push(iq, iq.length / 2);
    }
    receiver.flush();
    expect(texts.map((t) => t.slice(0, 23))).toEqual([1, 2, 3, 4, 5].map((n) => `SIMULATED 00000${n} TEST-1`));
  });

  test('obeys tune, also while it streams: away from the signal there is only noise', async () => {
    const source = simulatorSource({ ...settings, frameIntervalS: 0.2, ebn0Db: 30 }, deps());
    let tuned = false;
    const buffers = await read(source, (b) => {
      if (b.length === 100 && !tuned) {
        tuned = true;
        void source.tune({ centreHz: 145_000_000, sampleRate: 96_000 });
      }
      return b.length === 200;
    });
    const at = buffers.findIndex((b) => b.gap);
    expect(at).toBeGreaterThanOrEqual(99);
    const powers = buffers.map((b) => power(b.bytes));
    const near = powers.slice(0, at);
    const far = powers.slice(at);
    expect(Math.max(...near) / Math.min(...near)).toBeGreaterThan(10);
    expect(Math.max(...far) / Math.min(...far)).toBeLessThan(1.5);
    expect(buffers[at]!.bytes.length).toBe(2 * buffers[0]!.bytes.length);
    expect(buffers[at]!.firstSample).toBe(buffers[at - 1]!.firstSample + buffers[at - 1]!.bytes.length / 2);
  });

  test('a reader that is late has lost samples, as with a radio', async () => {
    const world = deps();
    const source = simulatorSource(settings, world);
    const stop = new AbortController();
    const buffers: { firstSample: number; gap: boolean }[] = [];
    for await (const { firstSample, gap } of source.buffers(stop.signal)) {
      buffers.push({ firstSample, gap });
      if (buffers.length === 5) await new Promise<void>((resolve) => world.timers.after(3000, resolve));
      if (buffers.length === 10) break;
    }
    expect(buffers.map((b) => b.gap)).toEqual([false, false, false, false, false, true, false, false, false, false]);
    expect((buffers[5]!.firstSample - buffers[4]!.firstSample) / 48_000).toBeCloseTo(3, 1);
  });

  test('several signals, by mode too; a transmitter that the satellite lacks is an error', async () => {
    const mode = { mode: 'fsk:4800:geoscan', frequencyHz: 437_010_000, frameIntervalS: 0.5 };
    const source = simulatorSource({ ...settings, signals: [mode, { satellite: 'TEST-1' }] }, deps());
    const buffers = await read(source, (b) => b.length === 20);
    expect(buffers).toHaveLength(20);
    expect(() =>
      simulatorSource({ ...settings, receive: [{ satellite: 'TEST-1', transmitter: 'fsk-4800-usp' }] }, deps()),
    ).toThrow('no transmitter fsk-4800-usp of TEST-1');
  });
});
