import { expect, test } from 'vitest';
import { inProcess } from './fake-io.ts';

test('one satellite as a table', async () => {
  const { code, stdout, stderr } = await inProcess('satellites', 'al farabi 2');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['NAME', 'NORAD', 'FREQUENCY', 'TRANSMITTER', 'MODE'],
    ['al-Farabi-2', '43805', '436.5000 MHz', 'fsk-4800-ax25-g3ruh', 'fsk:4800:ax25-g3ruh,deviation_hz=1200'],
    [''],
    ['Also known as UN1GWA.'],
    [''],
  ]);
});

test('one satellite as JSON', async () => {
  const { stdout } = await inProcess('satellites', '98864', '--json');
  const mode = (rate: number) => `fsk:${rate}:ax25-g3ruh`;
  expect(JSON.parse(stdout)).toEqual([
    {
      name: 'AEPEX',
      norad: null,
      temporary_id: 98864,
      alternative_names: [],
      note: null,
      transmitters: [9600, 19200].map((rate) => ({
        id: `fsk-${rate}-ax25-g3ruh`,
        frequency_hz: 437325000,
        mode: mode(rate),
      })),
    },
  ]);
});

test('by framing: only the transmitters with it, 119 with USP', async () => {
  const { stdout } = await inProcess('satellites', '--framing', 'USP', '--json');
  const transmitters = (JSON.parse(stdout) as { transmitters: { mode: string }[] }[]).flatMap((s) => s.transmitters);
  expect(transmitters).toHaveLength(119);
  expect(transmitters.every((t) => /:usp(,|$)/.test(t.mode))).toBe(true);
});

test('a satellite without a transmitter says why', async () => {
  const { code, stdout } = await inProcess('satellites', 'DIER-5');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^DIER-5 .*no transmitter known$/m);
  expect(stdout).toContain('has not published its downlink');
});
