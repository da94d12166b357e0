import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseCentre } from '../../daemon/receiver/centre.ts';
import {
  channelDesign,
  halfWidthHz,
  planChannels,
  searchRangeHz,
  sharedChannels,
  sharedReceivers,
} from '../../daemon/receiver/channel-plan.ts';
import { dopplerCurve } from '../../daemon/tracking/doppler-curve.ts';
import { modulationKinds, parseMode } from '../../dsp/mode.ts';

const doppler = dopplerCurve((ms) => 7 * Math.tanh(ms / 60_000), -300_000, 300_000);
const wanted = (frequencyHz: number, mode = 'fsk:9600:ax25-g3ruh') => ({
  satellite: 'A',
  transmitter: 't',
  mode: parseMode(mode),
  frequencyHz,
});

test('what lies in the capture is received with its Doppler shift, the rest is named', () => {
  const { channels, outside } = planChannels([wanted(437.1e6), wanted(438.3e6), wanted(145.9e6)], {
    centreHz: 437.2e6,
    sampleRate: 2_400_000,
  });
  expect(channels.map(({ captureOffsetHz }) => Math.round(captureOffsetHz))).toEqual([-100_000, 1_100_000]);
  expect(outside.map(({ frequencyHz }) => frequencyHz)).toEqual([145.9e6]);
  expect(channels[0]!.searchHz).toBeGreaterThan(10_900); // 7.5 km/s at 437 MHz
});

test('every mode has a plan that a down-converter can be designed for, at any sample rate it fits', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...modulationKinds),
      fc.constantFrom(50, 1200, 2400, 9600, 19_200, 100_000),
      fc.constantFrom(137e6, 437e6, 2.4e9, 10.5e9),
      fc.constantFrom(48_000, 96_000, 250_000, 1_024_000, 2_400_000, 3_200_000),
      fc.constantFrom({}, { doppler }, { doppler, calibrated: true }),
      (kind, symbolRate, frequencyHz, sampleRate, prediction) => {
        const one = { ...wanted(frequencyHz, `${kind}:${symbolRate}:ax25`), ...prediction };
        const { channels } = planChannels([one], { centreHz: frequencyHz, sampleRate });
        for (const plan of channels) {
          const { outputRate } = channelDesign([plan], sampleRate);
          expect(outputRate).toBeGreaterThanOrEqual(2 * symbolRate);
          expect(plan.searchHz).toBeLessThanOrEqual(searchRangeHz(one));
          expect(plan.passbandHz).toBeLessThan(outputRate / 2);
        }
      },
    ),
    { seed: 2, numRuns: 200 },
  );
});

test('transmitters share a channel on one carrier of one satellite, and a receiver where all but the framing is equal', () => {
  const curve = (km = 7) => dopplerCurve((ms) => km * Math.tanh(ms / 60_000), -300_000, 300_000);
  const { channels: plans } = planChannels(
    [
      // Each has its own copy of the curve, as the station makes them.
      { ...wanted(437e6, 'fsk:9600:ax25-g3ruh'), doppler: curve() },
      { ...wanted(437e6, 'fsk:19200:ax25'), doppler: curve() },
      { ...wanted(437e6, 'fsk:9600:ax100-asmgolay'), doppler: curve() },
      { ...wanted(437e6, 'fsk:9600:geoscan'), doppler: curve(), repair: false },
      { ...wanted(437e6), doppler: curve(6) },
      { ...wanted(437e6), doppler: curve(), satellite: 'B' },
      { ...wanted(437.1e6), doppler: curve() },
    ],
    { centreHz: 437.2e6, sampleRate: 2_400_000 },
  );
  const [together, ...alone] = sharedChannels(plans);
  expect([together, alone]).toEqual([
    [0, 1, 2, 3],
    [[4], [5], [6]],
  ]);
  const members = together!.map((i) => plans[i]!);
  expect(sharedReceivers(members)).toEqual([[0, 2], [1], [3]]);
  expect(channelDesign(members, 2_400_000)).toEqual(channelDesign([plans[1]!], 2_400_000));
});

test('data below speech take the band that the speech takes', () => {
  const { modulation } = parseMode('fsk-subaudio:200:fox-duv,fm_deviation=5000');
  expect(halfWidthHz(modulation)).toBe(8000);
});

test('one carrier is put beside the spike in the middle', () => {
  const centre = chooseCentre([437e6], 2_400_000);
  expect(Math.abs(centre - 437e6)).toBeGreaterThanOrEqual(100_000);
  expect(Math.abs(centre - 437e6)).toBeLessThan(200_000);
  expect(Math.abs(chooseCentre([437e6], 250_000) - 437e6)).toBeGreaterThanOrEqual(30_000);
});

test('several carriers are all in the capture, none on the spike', () => {
  const frequencies = [436.5e6, 437e6, 437.5e6];
  const centre = chooseCentre(frequencies, 2_400_000);
  for (const frequency of frequencies) {
    expect(Math.abs(frequency - centre)).toBeGreaterThanOrEqual(100_000);
    expect(Math.abs(frequency - centre)).toBeLessThanOrEqual(960_000);
  }
});

test('the centre stays where the radio tunes to, whatever the middle and the spike say', () => {
  for (const [low, high] of [
    [439.97e6, 440.03e6],
    [429.97e6, 430.03e6],
  ] as const) {
    const centre = chooseCentre([low, high], 2_400_000, [430e6, 440e6]);
    expect(centre).toBeGreaterThanOrEqual(430e6);
    expect(centre).toBeLessThanOrEqual(440e6);
    expect(Math.min(Math.abs(low - centre), Math.abs(high - centre))).toBeGreaterThanOrEqual(100_000);
  }
});

test('carriers too far apart: as many as fit', () => {
  const centre = chooseCentre([145.9e6, 437.0e6, 437.3e6], 2_400_000);
  expect(Math.abs(centre - 437.15e6)).toBeLessThan(960_000);
});
