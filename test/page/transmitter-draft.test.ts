import { expect, test } from 'vitest';
import { modesReport } from '../../daemon/satellites/modes-report.ts';
import { satelliteFrom } from '../../daemon/satellites/satellite.ts';
import { emptyTransmitter, transmitterOf } from '../../web/src/satellites/transmitter-draft.ts';

const { modulations, framings } = modesReport();
const keysOf = (part: 'modulation' | 'framing', kind: string) =>
  (part === 'modulation' ? modulations : framings).find((one) => one.kind === kind)!.keys;

test('a transmitter has the keys of its framing that are filled in, and none of another one', () => {
  const framing = { kind: 'ccsds-concatenated', frame_size: 220, rs_basis: 'dual', precoding: '' };
  const draft = {
    frequencyMhz: '437,025',
    modulation: { kind: 'bpsk', symbol_rate: 9600, deviation_hz: 2400 },
    framing,
  };
  const transmitter = {
    frequency_hz: 437_025_000,
    modulation: { kind: 'bpsk', symbol_rate: 9600 },
    framing: { kind: 'ccsds-concatenated', frame_size: 220, rs_basis: 'dual' },
  };
  expect(transmitterOf(draft, keysOf)).toEqual(transmitter);
  expect(transmitterOf({ ...draft, framing: { ...framing, kind: 'usp' } }, keysOf)).toEqual({
    ...transmitter,
    framing: { kind: 'usp' },
  });
});

test('what the form begins with is a transmitter once the frequency is given', () => {
  const transmitters = [transmitterOf({ ...emptyTransmitter, frequencyMhz: '145.9' }, keysOf)];
  expect(satelliteFrom({ name: 'NEW', norad: null, transmitters }, 'form').transmitters[0]).toMatchObject({
    frequencyHz: 145_900_000,
  });
});
