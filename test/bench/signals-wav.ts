/** WAV files of 16 bits, written piece by piece. Source of the layout: RIFF WAVE (Microsoft and IBM, 1991). */
import { closeSync, openSync, writeSync } from 'node:fs';

export interface WavWriter {
  /** @param x samples of all channels interleaved, full scale ± 1 after `gain`; what is beyond clips */
  write(x: Float32Array, gain: number): void;
  close(): void;
}

const HEADER_BYTES = 44;

export function wavWriter(path: string, sampleRate: number, channels: 1 | 2): WavWriter {
  const file = openSync(path, 'w');
  writeSync(file, new Uint8Array(HEADER_BYTES));
  let bytes = 0;
  return {
    write(x, gain) {
      const samples = new Int16Array(x.length);
      for (let i = 0; i < x.length; i++)
        samples[i] = Math.max(-32768, Math.min(32767, Math.round(32767 * gain * x[i]!)));
      bytes += writeSync(file, new Uint8Array(samples.buffer));
    },
    close() {
      const header = new DataView(new ArrayBuffer(HEADER_BYTES));
      const text = (at: number, word: string) => {
        for (let i = 0; i < word.length; i++) header.setUint8(at + i, word.charCodeAt(i));
      };
      text(0, 'RIFF');
      header.setUint32(4, HEADER_BYTES - 8 + bytes, true);
      text(8, 'WAVEfmt ');
      header.setUint32(16, 16, true);
      header.setUint16(20, 1, true);
      header.setUint16(22, channels, true);
      header.setUint32(24, sampleRate, true);
      header.setUint32(28, 2 * channels * sampleRate, true);
      header.setUint16(32, 2 * channels, true);
      header.setUint16(34, 16, true);
      text(36, 'data');
      header.setUint32(40, bytes, true);
      writeSync(file, new Uint8Array(header.buffer), 0, HEADER_BYTES, 0);
      closeSync(file);
    },
  };
}
