import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import type { Iq } from '../../dsp/core/types.ts';
import { encodeFrames } from '../../dsp/framing/index.ts';
import { parseMode } from '../../dsp/mode.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { makeReceiver } from '../../dsp/receiver.ts';

test('AMSAT Fox at 200 Bd below the speech, the slowest subaudio there is, is received from IQ', () => {
  const mode = parseMode('fsk-subaudio:200:fox-duv,deviation_hz=500');
  const random = prng(3);
  const frame = Uint8Array.from({ length: 64 }, () => random.uint32() & 255);
  const { iq } = modulate(encodeFrames(mode.framing, [frame]), mode.modulation, { sampleRate: 24_000 });
  const x = new Float32Array(iq.length + 20_000) as Iq;
  x.set(iq, 10_000);
  for (let i = 0; i < x.length; i++) x[i]! += 0.4 * random.normal();
  const received: Uint8Array[] = [];
  const sink = { frame: (f: { bytes: Uint8Array }) => void received.push(f.bytes), reject() {} };
  const receiver = makeReceiver(mode, { kind: 'iq', sampleRate: 24_000 }, sink);
  receiver.push(x, x.length / 2);
  receiver.flush();
  expect(received).toEqual([frame]);
});
