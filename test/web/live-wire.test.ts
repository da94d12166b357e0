import { expect, test } from 'vitest';
import {
  decodeLive,
  encodeLiveChannel,
  encodeLiveRow,
  type LiveChannel,
  type LiveRow,
} from '../../daemon/api/live-wire.ts';

const bufferOf = (bytes: Uint8Array) => bytes.slice().buffer;

const row: LiveRow = {
  ...{ kind: 'row', capture: 4_000_000_000, timeMs: 1_795_696_496_123.5, lowHz: 435_000_000.25, highHz: 437_400_000 },
  ...{ floorDb: -120.5, stepDb: 0.5, channelsHz: Float64Array.of(436_998_123.75, 435_500_000) },
  // An odd number: what follows is not aligned.
  levels: Uint8Array.from({ length: 1023 }, (_, i) => i % 256),
};
const look: LiveChannel = {
  ...{ kind: 'channel', capture: 7, channel: 3, timeMs: 1_795_696_496_000, snrDb: 12.5, offsetHz: -312.25 },
  ...{ lowHz: -12_500, highHz: 12_500, floorDb: -130, stepDb: 0.25, shape: 'eye', traceLength: 3 },
  spectrum: Uint8Array.of(1, 2, 255),
  points: Int8Array.of(-127, 0, 127, 5, -5, 1),
  histogram: Uint16Array.of(0, 65_535, 3),
};

test('rows and looks into channels come out as they went in', () => {
  expect(decodeLive(bufferOf(encodeLiveRow(row)))).toEqual(row);
  const silent = { ...row, channelsHz: new Float64Array(0), levels: new Uint8Array(0) };
  expect(decodeLive(bufferOf(encodeLiveRow(silent)))).toEqual(silent);
  expect(decodeLive(bufferOf(encodeLiveChannel(look)))).toEqual(look);
  const psk: LiveChannel = { ...look, shape: 'constellation', traceLength: 0, snrDb: Number.NaN, offsetHz: Number.NaN };
  expect(decodeLive(bufferOf(encodeLiveChannel(psk)))).toEqual(psk);
});

test('what is no message is refused', () => {
  for (const bytes of [Uint8Array.of(), Uint8Array.of(9, 0, 0, 0), encodeLiveRow(row).slice(0, 100)])
    expect(() => decodeLive(bufferOf(bytes))).toThrow(RangeError);
});
