import { expect, test } from 'vitest';
import { type CommandSettings, commandSource } from '../../daemon/drivers/sdr/command.ts';
import { read, spawnScript, testDeps, total } from './world.ts';

const quick = { stallMs: 120_000, backOff: { firstMs: 5, mostMs: 20 } };
const settings: CommandSettings = {
  driver: 'command',
  command: ['rx_sdr', '-f', '{frequency}', '-s', '{rate}', '-g{gain}', 'serial={serial}', '-'],
  format: 'cs16',
  sampleRate: 100_000,
};

/** Writes its arguments as text on standard error and counts up in 32 bits on standard output, `n` pairs. */
const counter = (n: number, then = '') => `
  process.stderr.write('args ' + process.argv.slice(1).join(' ') + '\\n');
  const words = Uint32Array.from({ length: ${n} }, (_, k) => k);
  const bytes = Buffer.from(words.buffer);
  (function next(at) {
    if (at >= bytes.length) { ${then}; return; }
    process.stdout.write(bytes.subarray(at, at + 1001), () => next(at + 1001));
  })(0);`;
const stay = 'setInterval(() => {}, 1000)';

test('fills the placeholders, without a shell, and delivers whole pairs', async () => {
  const seen: (readonly string[])[] = [];
  const deps = testDeps({
    spawn: (argv) => {
      seen.push(argv);
      return spawnScript(counter(20_000, stay));
    },
  });
  const source = commandSource({ ...settings, gainDb: 40, serial: 'A; rm -rf /' }, deps, quick);
  expect(await source.tune({ centreHz: 437_100_000, sampleRate: 250_000 })).toEqual({
    centreHz: 437_100_000,
    sampleRate: 250_000,
  });
  const buffers = await read(source, (b) => total(b) >= 60_000);
  expect(seen).toEqual([['rx_sdr', '-f', '437100000', '-s', '250000', '-g40', 'serial=A; rm -rf /', '-']]);
  for (const { bytes, firstSample } of buffers)
    new Uint32Array(bytes.buffer).forEach((word, k) => {
      expect(word).toBe(firstSample + k);
    });
  expect(source.state).toEqual({ at: 'closed' });
});

test('a child that ends is started again, with a gap and a clear reason', async () => {
  let starts = 0;
  const deps = testDeps({
    spawn: () =>
      spawnScript(
        counter(
          3001,
          ++starts < 3 ? `process.stderr.write('usb_claim_interface error -6'); process.exitCode = 1` : stay,
        ),
      ),
  });
  const source = commandSource(settings, deps, quick);
  const buffers = await read(source, (b) => b.filter((x) => x.gap).length === 2);
  let next = 0;
  for (const b of buffers) {
    expect(b.firstSample).toBeGreaterThanOrEqual(next);
    if (!b.gap) expect(b.firstSample).toBe(next);
    next = b.firstSample + b.bytes.length / 4;
    if (b.gap) expect(new Uint32Array(b.bytes.buffer)[0]).toBe(0); // in step again
  }
  const reasons = deps.events.filter((e) => e.event === 'interrupted').map((e) => e.message);
  expect(reasons).toHaveLength(2);
  expect(reasons[0]).toBe('rx_sdr ended with code 1: usb_claim_interface error -6');
});

test('a child that falls silent is ended and started again', async () => {
  let starts = 0;
  let elapsedMs = 0;
  const deps = testDeps({
    clock: { now: () => elapsedMs, monotonic: () => elapsedMs },
    spawn: () => {
      starts++;
      return spawnScript(counter(starts === 1 ? 3000 : 20_000, stay));
    },
  });
  let silent: NodeJS.Timeout | undefined;
  const buffers = await read(commandSource(settings, deps, { ...quick, stallMs: 200 }), (b) => {
    // Time passes for the first child alone, from its samples on: the second is never late.
    silent ??= setInterval(() => (elapsedMs += starts === 1 ? 100 : 0), 20);
    return b.some((x) => x.gap);
  });
  clearInterval(silent);
  expect(starts).toBe(2);
  expect(buffers.at(-1)!.firstSample).toBeGreaterThan(3000);
  expect(deps.events.some((e) => e.message === 'rx_sdr delivered nothing for 0.2 s')).toBe(true);
});

test('what it says on standard error is logged, line by line, cut and bounded', async () => {
  const deps = testDeps({
    spawn: () =>
      spawnScript(`
        for (let k = 0; k < 1000; k++) process.stderr.write('line ' + k + '\\x1b[31m\\n');
        process.stderr.write('y'.repeat(5000) + '\\n', () => { ${counter(3000, stay)} });`),
  });
  await read(commandSource(settings, deps, quick), (b) => b.length > 0);
  const lines = deps.events.filter((e) => e.event === 'childOutput').map((e) => e.message);
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.length).toBeLessThanOrEqual(201);
  expect(lines.every((line) => line.length < 350 && !/\p{Cc}/u.test(line))).toBe(true);
});

test('a new tuning starts the child anew; what its command line does not take is not changed', async () => {
  const seen: (readonly string[])[] = [];
  const deps = testDeps({
    spawn: (argv) => {
      seen.push(argv);
      return spawnScript(counter(20_000, stay));
    },
  });
  const fixed: CommandSettings = { ...settings, command: ['radio', '{frequency}'], centreHz: 100e6 };
  const source = commandSource(fixed, deps, quick);
  let tuned: Promise<unknown> | null = null;
  const buffers = await read(source, (b) => {
    if (b.length === 2) tuned ??= source.tune({ centreHz: 145_900_000, sampleRate: 48_000 });
    return b.some((x) => x.gap);
  });
  expect(await tuned).toEqual({ centreHz: 145_900_000, sampleRate: 100_000 });
  expect(seen).toEqual([
    ['radio', '100000000'],
    ['radio', '145900000'],
  ]);
  expect(new Uint32Array(buffers.at(-1)!.bytes.buffer)[0]).toBe(0);
});
