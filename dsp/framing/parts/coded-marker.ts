import { type ConvolutionalCode, convolutionalEncode } from '../../coding/convolutional.ts';
import { nrzMarkEncode } from '../../coding/line-codes.ts';
import { syncBits } from './burst.ts';
import { signs } from './sync-search.ts';

/** A sync marker as it looks inside a K = 7 code. */
export interface CodedMarker {
  /** ±1. Its first 6 bits meet an unknown encoder state and are left out; the rest finds both symbol pairings. */
  readonly word: Float32Array;
  /** The encoder's state behind it. */
  readonly startState: number;
  /** The NRZ-M level behind it. */
  readonly lastLevel: number;
}

/**
 * As the code is transparent, the inverse of the word is the inverted marker; with NRZ-M before the code the two start
 * levels are each other's inverse, too.
 */
export function codedMarker(hex: string, code: ConvolutionalCode, differential: boolean): CodedMarker {
  const memory = code.constraintLength - 1;
  const marker = differential ? nrzMarkEncode(syncBits(hex)) : syncBits(hex);
  let startState = 0;
  for (const bit of marker.subarray(-memory)) startState = (startState >> 1) | (bit << (memory - 1));
  return {
    word: signs(convolutionalEncode(code, marker).subarray(2 * memory)),
    startState,
    lastLevel: marker[marker.length - 1]!,
  };
}
