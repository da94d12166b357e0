import type { Prng } from '../../../dsp/core/prng.ts';
import { randomBytes } from '../deframe.ts';
import type { FramingCase } from './framing-case.ts';

/** Random bytes with `fields` at their places. */
function withFields(...fields: readonly (readonly [at: number, value: (bytes: number) => number])[]) {
  return (bytes: number, random: Prng): Uint8Array => {
    const frame = randomBytes(bytes, random);
    for (const [at, value] of fields) frame[at] = value(bytes);
    return frame;
  };
}

/** The packet engines of radio chips, and framings of their kind: sync word, length, CRC. */
export const chips: readonly FramingCase[] = [
  { params: { kind: 'reaktor-hello-world' }, sizes: [1, 255], spare: 0 },
  { params: { kind: 'light-1' }, sizes: [1, 255], spare: 0 },
  { params: { kind: 'aalto-1' }, sizes: [1, 255], spare: 0 },
  { params: { kind: 'binar-1' }, sizes: [2, 256], frame: withFields([0, (n) => n - 1]), spare: 0 },
  { params: { kind: 'endurosat' }, sizes: [2, 129], frame: withFields([0, (n) => n - 1]), spare: 0 },
  { params: { kind: 'binar-2' }, sizes: [1, 255], spare: 0 },
  { params: { kind: 'fossasat' }, sizes: [1, 255], spare: 0 },
  { params: { kind: 'grizu-263a' }, sizes: [1, 255], spare: 0 },
  // The last block may hold a byte of the frame: of its 32 interleaved symbols the code bears the loss of 8.
  { params: { kind: 'openlst' }, sizes: [1, 253], spare: 8 },
  { params: { kind: 'lucky-7' }, sizes: [35, 35], spare: 0 },
  { params: { kind: 'diy-1' }, sizes: [6, 260], frame: withFields([4, (n) => n - 5]), spare: 0 },
  { params: { kind: 'spino' }, sizes: [18, 238], frame: withFields([16, (n) => n + 2 - 16], [17, () => 0]), spare: 0 },
  { params: { kind: 'sanosat' }, sizes: [1, 126], spare: 0 },
  { params: { kind: 'hades-d' }, sizes: [133, 133], frame: withFields([0, () => 0x61]), spare: 0 },
  { params: { kind: 'hades-r' }, sizes: [36, 36], frame: withFields([0, () => 0xe1]), spare: 0 },
  { params: { kind: 'yusat' }, sizes: [16, 253], frame: withFields([14, () => 0x03], [15, () => 0xf0]), spare: 0 },
];
