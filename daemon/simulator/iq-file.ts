import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { StationError } from '../core/error.ts';
import { bytesOf, type SimulatedFormat } from './quantise.ts';
import type { Synthesizer } from './synthesizer.ts';

export type IqFileFormat = SimulatedFormat | 'wav';

/** Largest data part that a WAV header can tell. */
const MOST_WAV_BYTES = 0xffff_ffff - 36;
const BLOCK_PAIRS = 2 ** 14;
/** What follows the last frame of limited signals, s. */
const TAIL_S = 1;

/** Device format whose bytes a file holds: a WAV has 16 bits. */
export function sampleFormat(format: IqFileFormat): SimulatedFormat {
  return format === 'wav' ? 'cs16' : format;
}

/**
 * Writes a tuned synthesizer's samples to a file that appears whole or not at all: `most` of them, or up to a second behind the
 * last frame there is to send. Gives false, and leaves nothing behind, when the signal aborts.
 * @throws StationError when it can't be written
 */
export async function writeIqFile(
  path: string,
  format: IqFileFormat,
  synthesizer: Synthesizer,
  sampleRate: number,
  most: number,
  signal: AbortSignal,
): Promise<boolean> {
  const bytesPerPair = bytesOf[sampleFormat(format)];
  const unfinished = `${path}.${process.pid}.part`;
  let file: FileHandle | null = null;
  let ending = false;
  try {
    file = await open(unfinished, 'w');
    if (format === 'wav') await file.write(wavHeader(sampleRate, 0));
    let written = 0;
    for (let left = most; left > 0; ) {
      if (signal.aborted) return false;
      if (synthesizer.finished && !ending) {
        ending = true;
        left = Math.min(left, Math.round(TAIL_S * sampleRate));
      }
      const pairs = Math.min(left, BLOCK_PAIRS);
      // Limited frames may end the file long before that: only what is written counts.
      if (format === 'wav' && (written + pairs) * bytesPerPair > MOST_WAV_BYTES)
        throw new Error("a WAV file can't be longer than 4 GiB");
      const block = new Uint8Array(pairs * bytesPerPair);
      synthesizer.fill(block);
      await file.writeFile(block);
      written += pairs;
      left -= pairs;
    }
    if (format === 'wav') await file.write(wavHeader(sampleRate, written * bytesPerPair), 0, 44, 0);
    await file.close();
    file = null;
    await rename(unfinished, path);
    return true;
  } catch (cause) {
    throw new StationError('SOURCE_FAILED', `${path} can't be written: ${(cause as Error).message}`, { cause });
  } finally {
    await file?.close();
    await rm(unfinished, { force: true });
  }
}

/** Two channels (I and Q) of 16 bits. Source: Multimedia Programming Interface and Data Specifications 1.0 (RIFF WAVE). */
function wavHeader(sampleRate: number, dataBytes: number): Uint8Array {
  const header = new Uint8Array(44);
  const view = new DataView(header.buffer);
  const word = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  word(0, 'RIFF');
  view.setUint32(4, 36 + dataBytes, true);
  word(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 2, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 4, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 16, true);
  word(36, 'data');
  view.setUint32(40, dataBytes, true);
  return header;
}
