import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import type { FramingParams } from '../../dsp/framing/framing.ts';
import {
  encodeFrames,
  type FramingName,
  framingKeys,
  framingNames,
  framingSlug,
  makeDeframer,
} from '../../dsp/framing/index.ts';
import { cases } from './cases/index.ts';
import { randomBytes } from './deframe.ts';

const context = { symbolRate: 9600 };

test('names are normalised', () => {
  expect(framingSlug('AX.25 G3RUH')).toBe('ax25-g3ruh');
  expect(framingSlug('AX100 ASM+Golay')).toBe('ax100-asmgolay');
  expect(framingSlug('Astrocast FX.25 NRZ-I')).toBe('astrocast-fx25-nrz-i');
  for (const name of framingNames) expect(framingSlug(name)).toBe(name);
});

const kinds = [...new Set(cases.map(({ params }) => params.kind))];
test.each(kinds)('%s looks at the keys that it tells', (kind) => {
  const seen = new Set<string>();
  for (const { params, sizes, frame = randomBytes } of cases.filter((one) => one.params.kind === kind)) {
    const watched = new Proxy<FramingParams>(params, {
      get(of, key: keyof FramingParams) {
        if (key !== 'kind') seen.add(key);
        return of[key];
      },
    });
    makeDeframer(watched, context);
    encodeFrames(watched, [frame(sizes[0], prng(1))]);
  }
  expect([...seen].sort()).toEqual([...framingKeys(kind as FramingName)].sort());
});

test('what is wrong is said in one line', () => {
  expect(() => makeDeframer({ kind: 'toString' }, context)).toThrow("no framing is called 'toString'");
  expect(() => encodeFrames({ kind: 'nothing' }, [])).toThrow(RangeError);
});

test.each([
  [{ kind: 'geoscan', frameSize: 3 }, /frame size 3/],
  [{ kind: 'geoscan', frameSize: Number.NaN }, /frame size NaN/],
  [{ kind: 'ccsds-uncoded', frameSize: 1e9 }, /frame size/],
  [{ kind: 'ccsds-reed-solomon', frameSize: 224 }, /frame size of 224/],
  [{ kind: 'ccsds-reed-solomon', frameSize: 101, rsInterleaving: 2 }, /101 bytes/],
  [{ kind: 'ccsds-concatenated', frameSize: 100.5 }, /100.5/],
  [{ kind: 'ccsds-concatenated', rsInterleaving: 99 }, /interleaving 99/],
  [{ kind: 'smog-p-ra', frameSize: 600 }, /not 600/],
] as const)('parameters that make no sense are refused: %j', (params, message) => {
  expect(() => makeDeframer(params, context)).toThrow(message);
});

test.each([
  [{ kind: 'usp' }, 220],
  [{ kind: 'usp' }, 0],
  [{ kind: 'geoscan', frameSize: 66 }, 65],
  [{ kind: 'ao-40-fec' }, 255],
  [{ kind: 'u482c' }, 95],
  [{ kind: 'ax100-asmgolay' }, 224],
  [{ kind: 'ax100-reed-solomon' }, 223],
  [{ kind: 'ccsds-concatenated', frameSize: 100 }, 99],
  [{ kind: 'ccsds-uncoded', frameSize: 100 }, 101],
  [{ kind: 'smog-p-ra' }, 127],
  [{ kind: 'mrc-100-ra' }, 128],
  [{ kind: 'smog-1-signalling' }, 63],
  [{ kind: 'ax5043' }, 260],
  [{ kind: 'hsu-sat1' }, 49],
  [{ kind: 'fox-duv' }, 199],
] as const)('a frame that does not fit is refused: %j, %i bytes', (params, size) => {
  expect(() => encodeFrames(params, [new Uint8Array(size)])).toThrow(RangeError);
});
