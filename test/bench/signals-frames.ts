/** Frames to send, and the one encoding that the framings themselves don't offer. */
import { ccsdsScrambler } from '../../dsp/coding/additive-scrambler.ts';
import { unpackMsbFirst } from '../../dsp/coding/bits.ts';
import { ccsdsReedSolomon } from '../../dsp/coding/ccsds-reed-solomon.ts';
import { golayEncode } from '../../dsp/coding/golay.ts';
import type { Prng } from '../../dsp/core/prng.ts';
import type { EncodeOptions } from '../../dsp/framing/framing.ts';
import { burst, concatenate, syncBits } from '../../dsp/framing/parts/burst.ts';

/** An AX.25 UI frame, a CSP packet without options, or plain random bytes. */
export type FrameContent = 'ax25' | 'csp' | 'random';

/** Frame `index` of a transmission, `size` bytes, random behind its header. */
export function makeFrame(content: FrameContent, size: number, index: number, random: Prng): Uint8Array {
  const frame = Uint8Array.from({ length: size }, () => random.uint32() >>> 24);
  if (content === 'ax25') {
    frame.set(address('CQ', 0x60), 0);
    frame.set(address(`TEST${index % 10}`, 0x63), 7);
    frame.set([0x03, 0xf0], 14);
  } else if (content === 'csp') {
    // Priority 2, source 1, destination 10, port 10, own port as it comes, no flags (CSP v1).
    const header = ((2 << 30) | (1 << 25) | (10 << 20) | (10 << 14) | ((index & 63) << 8)) >>> 0;
    new DataView(frame.buffer).setUint32(0, header);
  }
  return frame;
}

function address(call: string, last: number): Uint8Array {
  const bytes = Uint8Array.from({ length: 7 }, (_, i) => (call.charCodeAt(i) || 0x20) << 1);
  bytes[6] = last;
  return bytes;
}

const U482C_SCRAMBLER = 0x200;
const U482C_REED_SOLOMON = 0x400;

/** U482C with scrambler and Reed-Solomon only. Source: GOMspace NanoCom U482C (framings in dsp/framing/u482c.ts). */
export function u482cReedSolomonOnly(frames: readonly Uint8Array[], options: EncodeOptions): Uint8Array {
  const code = ccsdsReedSolomon('conventional');
  return burst(
    frames.map((data) => {
      const block = code.encode(data);
      ccsdsScrambler(block);
      const header = golayEncode(block.length | U482C_SCRAMBLER | U482C_REED_SOLOMON);
      const headerBytes = Uint8Array.of(header >> 16, (header >> 8) & 255, header & 255);
      return concatenate([syncBits('c3aa6655'), unpackMsbFirst(headerBytes), unpackMsbFirst(block)]);
    }),
    options,
  );
}
