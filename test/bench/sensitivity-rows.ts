/** The rows of the sensitivity table: what is sent and received, and what is known about it. All Eb/N0 in dB. */
import type { FrameContent } from './signals-frames.ts';

/** Eb/N0 in dB at a frame error rate of 50 % and 10 %. */
export type Pair = readonly [number, number];

export interface Row {
  readonly mode: string;
  /** What the mode doesn't say, if anything. */
  readonly note?: string;
  readonly content: FrameContent;
  readonly frameBytes: number;
  readonly codeRate: number;
  readonly withoutConvolutionalCode?: true;
  /** Input of the receiver: IQ at 48 kHz unless audio is named, with the deviation at which it clips. */
  readonly fmAudio?: { readonly fullScaleHz: number };
  /** 50 % should be reached here. */
  readonly reachDb: number;
  /** Coherent detection with ideal synchronisation, hard Reed-Solomon, no list decoding; null where not computed. */
  readonly limit: Pair | null;
  /** gr-satellites as measured before, on signals of an independent generator; null where it fails or wasn't measured. */
  readonly peer: Pair | null;
}

const reedSolomon = (bytes: number) => bytes / (bytes + 32);
const ax25 = { content: 'ax25', frameBytes: 100, codeRate: 1, limit: [7.0, 8.3] } as const;
const ax100 = { content: 'csp', frameBytes: 100, codeRate: reedSolomon(100) } as const;
const u482c = { content: 'csp', frameBytes: 88, codeRate: reedSolomon(88) } as const;
const ccsds = { content: 'random', frameBytes: 223, codeRate: reedSolomon(223) } as const;
const concatenated = { ...ccsds, codeRate: reedSolomon(223) / 2 } as const;
const usp = { content: 'ax25', frameBytes: 200, codeRate: 223 / 255 / 2, limit: [1.7, 2.1] } as const;

const g3ruh = (symbolRate: number, deviationHz: number) =>
  `fsk:${symbolRate}:ax25-g3ruh,deviation_hz=${deviationHz}` as const;

export const rows: readonly Row[] = [
  { ...ax25, mode: g3ruh(9600, 2400), reachDb: 6.0, peer: [13.9, 16.6] },
  { ...ax25, mode: g3ruh(9600, 3360), note: 'h 0.7', reachDb: 5.3, limit: null, peer: null },
  { ...ax25, mode: g3ruh(9600, 4800), note: 'h 1.0', reachDb: 8.3, limit: null, peer: null },
  { ...ax25, mode: g3ruh(4800, 1200), reachDb: 6.2, peer: [14.7, 19.2] },
  { ...ax25, mode: g3ruh(1200, 300), reachDb: 6.2, peer: null },
  {
    ...ax100,
    mode: 'fsk:9600:ax100-asmgolay,deviation_hz=2400',
    reachDb: 5.1,
    limit: [4.8, 5.3],
    peer: [10.6, 11.4],
  },
  {
    ...ax100,
    mode: 'fsk:4800:ax100-asmgolay,deviation_hz=1200',
    reachDb: 5.1,
    limit: [4.8, 5.3],
    peer: [10.6, 11.4],
  },
  {
    ...ax100,
    mode: 'fsk:9600:ax100-reed-solomon,deviation_hz=2400',
    reachDb: 6.5,
    limit: [6.2, 7.0],
    peer: [12.3, 13.6],
  },
  {
    ...u482c,
    mode: 'fsk:9600:u482c,deviation_hz=2400',
    note: 'Reed-Solomon only',
    withoutConvolutionalCode: true,
    reachDb: 5.1,
    limit: [4.7, 5.3],
    peer: [10.5, 11.2],
  },
  {
    ...u482c,
    codeRate: reedSolomon(88) / 2,
    mode: 'fsk:9600:u482c,deviation_hz=2400',
    note: 'convolutional code',
    reachDb: 2.8,
    limit: [2.1, 2.5],
    peer: [11.6, 13.6],
  },
  {
    ...u482c,
    mode: 'afsk:4800:u482c,deviation_hz=-1200,af_carrier_hz=3600,fm_deviation_hz=5000',
    note: 'Reed-Solomon only',
    withoutConvolutionalCode: true,
    reachDb: 15.0,
    limit: null,
    peer: [16.5, 17.8],
  },
  {
    ...ccsds,
    mode: 'fsk:9600:ccsds-reed-solomon,deviation_hz=2400,frame_size=223',
    reachDb: 5.5,
    limit: [5.2, 5.6],
    peer: [11.2, 11.9],
  },
  {
    ...concatenated,
    mode: 'fsk:9600:ccsds-concatenated,deviation_hz=2400,frame_size=223',
    reachDb: 2.4,
    limit: [1.7, 2.1],
    peer: [11.7, 13.3],
  },
  { ...usp, mode: 'fsk:9600:usp,deviation_hz=2400', reachDb: 2.4, peer: [11.6, 13.2] },
  { ...usp, mode: 'fsk:4800:usp,deviation_hz=1200', reachDb: 2.4, peer: [11.6, 13.2] },
  { ...usp, mode: 'fsk:2400:usp,deviation_hz=600', reachDb: 2.4, peer: null },
  { ...usp, mode: 'fsk:9600:usp,deviation_hz=3360', note: 'h 0.7', reachDb: 2.6, limit: null, peer: null },
  {
    content: 'random',
    frameBytes: 64,
    codeRate: 1,
    mode: 'fsk:9600:geoscan,deviation_hz=2400,frame_size=66',
    reachDb: 6.9,
    limit: [6.6, 8.0],
    peer: [13.0, 16.0],
  },
  {
    content: 'random',
    frameBytes: 256,
    codeRate: 0.4,
    mode: 'dbpsk:1200:ao-40-fec',
    reachDb: 3.3,
    limit: [1.9, 2.2],
    peer: [6.0, 6.8],
  },
  {
    content: 'random',
    frameBytes: 256,
    codeRate: 0.4,
    mode: 'fsk:5000:ao-40-fec',
    reachDb: 2.9,
    limit: [1.9, 2.2],
    peer: null,
  },
  {
    content: 'random',
    frameBytes: 256,
    codeRate: 0.4,
    mode: 'fsk:1250:ao-40-fec',
    reachDb: 2.9,
    limit: [1.9, 2.2],
    peer: null,
  },
  {
    content: 'random',
    frameBytes: 256,
    codeRate: 0.5,
    mode: 'fsk:5000:smog-p-ra,frame_size=256',
    reachDb: 3.0,
    limit: null,
    peer: null,
  },
  {
    content: 'random',
    frameBytes: 100,
    codeRate: 0.5,
    mode: 'fsk:7415.77:openlst',
    reachDb: 5.2,
    limit: null,
    peer: null,
  },
  {
    ...concatenated,
    mode: 'bpsk:9600:ccsds-concatenated,frame_size=223,rs_basis=conventional,precoding=differential',
    reachDb: 2.3,
    limit: [1.8, 2.2],
    peer: [4.5, 7.0],
  },
  {
    content: 'random',
    frameBytes: 114,
    codeRate: reedSolomon(114) / 2,
    mode: 'bpsk:1200:ccsds-concatenated,frame_size=114,rs_basis=conventional,precoding=differential',
    reachDb: 2.6,
    limit: [2.0, 2.4],
    peer: [7.3, 9.3],
  },
  {
    ...ccsds,
    mode: 'bpsk:9600:ccsds-reed-solomon,frame_size=223,precoding=differential',
    reachDb: 5.5,
    limit: [5.3, 5.7],
    peer: [5.8, 7.1],
  },
  { ...ax25, mode: 'bpsk:1200:ax25', reachDb: 6.3, peer: [8.0, 9.7] },
  { ...ax25, mode: 'bpsk:9600:ax25-g3ruh', reachDb: 6.3, peer: [8.8, 14] },
  {
    ...ax25,
    mode: 'afsk:1200:ax25,deviation_hz=500,af_carrier_hz=1700',
    reachDb: 16.5,
    limit: null,
    peer: [18.3, 19.5],
  },
  {
    ...ax25,
    mode: g3ruh(9600, 2400),
    note: 'FM audio clipped at 8 kHz',
    fmAudio: { fullScaleHz: 8000 },
    reachDb: 9.1,
    limit: null,
    peer: [14.1, 16.5],
  },
  {
    ...ax25,
    mode: g3ruh(9600, 2400),
    note: 'FM audio unclipped',
    fmAudio: { fullScaleHz: 24_000 },
    reachDb: 6.8,
    limit: null,
    peer: null,
  },
];

/** Whether one of the words that `--modes` gives selects the row: regular expressions, so that a `$` ends a name. */
export function matches(row: Row, words: readonly string[]): boolean {
  return words.some((word) => new RegExp(word, 'i').test(rowName(row)));
}

export function rowName(row: Row): string {
  return row.note ? `${row.mode} (${row.note})` : row.mode;
}
