import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChainFrame, frameOrder } from '../../daemon/decode/frame-order.ts';

function frame(hex: string, sample: number, chain = 0, { duration = 100, corrected = 0 } = {}): ChainFrame {
  return {
    chain,
    endSample: sample + duration,
    frame: {
      time: null,
      sample,
      satellite: null,
      transmitter: `t${chain}`,
      mode: 'fsk:9600:ax25',
      frame: hex,
      integrity: { crc: 'ok', fec: 'none', correctedSymbols: corrected, repairedBits: 0, falseAlarmsPerHour: null },
      snr_db: null,
      offset_hz: null,
      modulation_index: null,
      clock_ppm: null,
      sync_quality: null,
    },
  };
}

const shown = (frames: readonly { frame: string; sample: number; transmitter: string | null }[]) =>
  frames.map((f) => `${f.frame}@${f.sample}/${f.transmitter}`);

test('equal bytes of two chains within the duration of a frame are one, the least corrected', () => {
  const order = frameOrder(1000);
  for (const f of [frame('aa', 50, 0, { corrected: 2 }), frame('aa', 53, 1), frame('bb', 53, 1)]) order.add(f);
  expect(shown(order.finish())).toEqual(['aa@53/t1', 'bb@53/t1']);
});

test('the same bytes sent again are given again', () => {
  const order = frameOrder(1000);
  for (const sample of [0, 100, 250]) order.add(frame('aa', sample, sample % 3));
  expect(shown(order.finish())).toEqual(['aa@0/t0', 'aa@100/t1', 'aa@250/t1']);
});

test('frames wait until nothing can come before them, and late repeats are still known', () => {
  const order = frameOrder(1000);
  order.add(frame('bb', 500));
  expect(order.advance(1500)).toEqual([]);
  order.add(frame('aa', 400, 1));
  expect(shown(order.advance(1501))).toEqual(['aa@400/t1', 'bb@500/t0']);
  order.add(frame('bb', 510, 1));
  expect(order.finish()).toEqual([]);
});

test('the order in which chains report never matters', () => {
  const found = fc.record({ hex: fc.constantFrom('aa', 'bb'), at: fc.nat(5), chain: fc.nat(2), corrected: fc.nat(2) });
  fc.assert(
    fc.property(
      fc.uniqueArray(found, { maxLength: 8, selector: (f) => `${f.hex} ${f.at} ${f.chain}` }),
      fc.infiniteStream(fc.nat()),
      (all, random) => {
        // 200 samples apart, so that a pair is either one frame or two.
        const frames = all.map((f) => frame(f.hex, f.at * 200 + f.chain, f.chain, { corrected: f.corrected }));
        const run = (input: readonly ChainFrame[]) => {
          const order = frameOrder(5000);
          for (const f of input) order.add(f);
          return shown(order.finish());
        };
        const keys = new Map(frames.map((f) => [f, random.next().value]));
        expect(run([...frames].sort((a, b) => keys.get(a)! - keys.get(b)!))).toEqual(run(frames));
      },
    ),
  );
});
