import type { StoredFrame } from '../../../daemon/api/wire.ts';
import { asciiOf } from './bytes.ts';

/** Which frames the reader wants to see. */
export interface FrameWish {
  /** Null: all. */
  readonly satellite: string | null;
  readonly text: string;
  readonly textAs: 'ascii' | 'hex';
  readonly simulated: 'all' | 'only' | 'none';
  readonly evidence: 'all' | 'weak' | 'strong';
  /** Of the frame's time, ms since 1970; null: no limit. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export const everyFrame: FrameWish = {
  satellite: null,
  text: '',
  textAs: 'ascii',
  simulated: 'all',
  evidence: 'all',
  fromMs: null,
  toMs: null,
};

/** The station's usual limit (daemon/forward/withholding.ts): above, noise alone gives such frames. */
const mostFalseAlarmsPerHour = 1;

/** Whether little speaks for a frame: its check failed, there is none, or noise passes it often. */
export function isWeak({ integrity: { crc, fec, falseAlarmsPerHour } }: StoredFrame): boolean {
  if (crc === 'bad' || (crc === 'none' && fec === 'none')) return true;
  return falseAlarmsPerHour !== null && falseAlarmsPerHour > mostFalseAlarmsPerHour;
}

/** Hex that a reader typed, spaces left out; null for what is none. */
export function hexOf(text: string): string | null {
  const hex = text.replace(/\s+|0x/gi, '').toLowerCase();
  return /^([0-9a-f]{2})*$/.test(hex) ? hex : null;
}

const texts = new WeakMap<StoredFrame, string>();

function textOf(frame: StoredFrame): string {
  let text = texts.get(frame);
  if (text === undefined) {
    text = asciiOf(frame.frame).toLowerCase();
    texts.set(frame, text);
  }
  return text;
}

/** A place between two digits of one byte is no place. */
function hasHex(hex: string, wanted: string): boolean {
  for (let at = hex.indexOf(wanted); at >= 0; at = hex.indexOf(wanted, at + 1)) if (at % 2 === 0) return true;
  return false;
}

/** @returns what tells wanted frames from others; null while what is typed is no hex */
export function frameFilter(wish: FrameWish): ((frame: StoredFrame) => boolean) | null {
  const { satellite, simulated, evidence, fromMs, toMs } = wish;
  const wanted = wish.textAs === 'hex' ? hexOf(wish.text) : wish.text.toLowerCase();
  if (wanted === null) return null;
  return (frame) => {
    if (satellite !== null && frame.satellite !== satellite) return false;
    if (simulated !== 'all' && frame.simulated !== (simulated === 'only')) return false;
    if (evidence !== 'all' && isWeak(frame) !== (evidence === 'weak')) return false;
    if (fromMs !== null || toMs !== null) {
      if (frame.time === null) return false;
      const timeMs = Date.parse(frame.time);
      if ((fromMs !== null && timeMs < fromMs) || (toMs !== null && timeMs > toMs)) return false;
    }
    if (wanted === '') return true;
    return wish.textAs === 'hex' ? hasHex(frame.frame, wanted) : textOf(frame).includes(wanted);
  };
}
