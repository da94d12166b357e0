import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openInput } from '../../daemon/inputs/open-input.ts';
import type { ReceivedFrame, ReceiverInput } from '../../dsp/core/receiver.ts';
import { parseMode } from '../../dsp/mode.ts';
import { makeReceiver } from '../../dsp/receiver.ts';
import { cutsOf, pushInCuts } from './chunking.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../recordings');

async function samplesOf(file: string): Promise<{ x: Float32Array; sampleRate: number }> {
  const input = await openInput(join(folder, file), {});
  const x = new Float32Array(input.totalSamples!);
  let filled = 0;
  for (;;) {
    const n = await input.read(x.subarray(filled));
    if (n === 0) break;
    filled += n;
  }
  await input.close();
  return { x: x.subarray(0, filled), sampleRate: input.sampleRate };
}

function decode(mode: string, x: Float32Array, input: ReceiverInput, cuts: readonly number[]): ReceivedFrame[] {
  const frames: ReceivedFrame[] = [];
  const sink = { frame: (f: ReceivedFrame) => frames.push(f), reject() {} };
  const receiver = makeReceiver(parseMode(mode), input, sink);
  pushInCuts((piece, n) => receiver.push(piece, n), x, 1, cuts);
  receiver.flush();
  return frames;
}

test.each([
  ['ty_2.wav', 'fsk:9600:ax100-asmgolay', 'fm-audio'],
  ['swiatowid-ax25.wav', 'afsk:1200:ax25,af_carrier=1700,deviation=500', 'fm-audio'],
  ['il01.wav', 'bpsk:9600:ax25-g3ruh', 'ssb-audio'],
  ['ao73.wav', 'dbpsk:1200:ao-40-fec', 'ssb-audio'],
] as const)(
  '%s gives the same frames, byte for byte and place for place, however it is cut',
  async (file, mode, kind) => {
    const { x, sampleRate } = await samplesOf(file);
    const whole = decode(mode, x, { kind, sampleRate }, [x.length]);
    expect(whole.length).toBeGreaterThan(0);
    for (const seed of [1, 3]) expect(decode(mode, x, { kind, sampleRate }, cutsOf(x.length, seed))).toEqual(whole);
  },
);
