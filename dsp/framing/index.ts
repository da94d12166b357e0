import type { Deframer } from '../core/types.ts';
import { cat3 } from './3cat-1.ts';
import { aausat4 } from './aausat-4.ts';
import { aistechsat2 } from './aistechsat-2.ts';
import { ao40Fec } from './ao-40-fec.ts';
import { ao40Uncoded } from './ao-40-uncoded.ts';
import { astrocast } from './astrocast.ts';
import { ax25 } from './ax25.ts';
import { ax100AsmGolay } from './ax100-asmgolay.ts';
import { ax100ReedSolomon } from './ax100-reed-solomon.ts';
import { ax5043 } from './ax5043.ts';
import { ccsdsConcatenated } from './ccsds-concatenated.ts';
import { ccsdsReedSolomonFraming } from './ccsds-reed-solomon.ts';
import { ccsdsUncoded } from './ccsds-uncoded.ts';
import { equisat } from './equisat.ts';
import { eseo } from './eseo.ts';
import { fox, foxFormats } from './fox.ts';
import type { EncodeOptions, Framing, FramingContext, FramingKey, FramingParams } from './framing.ts';
import { fx25 } from './fx25.ts';
import { geoscan } from './geoscan.ts';
import { hades, hadesD, hadesR } from './hades.ts';
import { hsuSat1 } from './hsu-sat1.ts';
import { ideassat } from './ideassat.ts';
import { il2p } from './il2p.ts';
import {
  aalto1,
  binar1,
  binar2,
  diy1,
  endurosat,
  fossasat,
  grizu263a,
  light1,
  reaktorHelloWorld,
} from './length-byte.ts';
import { lilacsat1 } from './lilacsat-1.ts';
import { lucky7 } from './lucky-7.ts';
import { mobitex } from './mobitex.ts';
import { type FramingName, isFramingName } from './names.ts';
import { ngham } from './ngham.ts';
import { nusat } from './nusat.ts';
import { openlst } from './openlst.ts';
import { opsSat } from './ops-sat.ts';
import { qubik } from './qubik.ts';
import { snet } from './s-net.ts';
import { sanosat } from './sanosat.ts';
import { smogRa } from './smog-ra.ts';
import { smogSignalling } from './smog-signalling.ts';
import { spino } from './spino.ts';
import { swiatowid } from './swiatowid.ts';
import { tt64 } from './tt-64.ts';
import { u482c } from './u482c.ts';
import { usp } from './usp.ts';
import { yusat } from './yusat.ts';

export { type FramingName, framingNames } from './names.ts';

/** How each framing is encoded and decoded. */
export const framings = {
  '3cat-1': cat3,
  'aalto-1': aalto1,
  'aausat-4': aausat4,
  'aistechsat-2': aistechsat2,
  'ao-40-fec': ao40Fec({ block: 'long', crc16: false }),
  'ao-40-fec-crc-16-arc': ao40Fec({ block: 'long', crc16: true }),
  'ao-40-fec-crc-16-arc-short': ao40Fec({ block: 'short', crc16: true }),
  'ao-40-fec-short': ao40Fec({ block: 'short', crc16: false }),
  'ao-40-uncoded': ao40Uncoded,
  'astrocast-fx25-nrz': astrocast({ lineCode: 'nrz' }),
  'astrocast-fx25-nrz-i': astrocast({ lineCode: 'nrzi' }),
  'ax100-asmgolay': ax100AsmGolay({ sync: '930b51de' }),
  'ax100-reed-solomon': ax100ReedSolomon,
  ax25: ax25({ scrambler: 'none' }),
  'ax25-g3ruh': ax25({ scrambler: 'g3ruh' }),
  ax5043,
  'beesat-1': mobitex({ sync: '0ef0', withoutCallSign: 'control' }),
  'beesat-9': mobitex({ sync: '0ef0', withCallSign: 32 }),
  'binar-1': binar1,
  'binar-2': binar2,
  'ccsds-concatenated': ccsdsConcatenated,
  'ccsds-reed-solomon': ccsdsReedSolomonFraming,
  'ccsds-uncoded': ccsdsUncoded,
  'diy-1': diy1,
  endurosat,
  equisat,
  eseo,
  'foresail-1': ax100AsmGolay({ sync: '1acffc1d' }),
  fossasat,
  'fox-duv': fox(foxFormats.duv),
  'fox-high-speed': fox(foxFormats.highSpeed),
  'fox-psk': fox(foxFormats.psk),
  fx25: fx25({ scrambler: 'none' }),
  'fx25-g3ruh': fx25({ scrambler: 'g3ruh' }),
  geoscan,
  'grizu-263a': grizu263a,
  'hades-d': hades(hadesD),
  'hades-r': hades(hadesR),
  'hsu-sat1': hsuSat1,
  ideassat,
  il2p,
  'light-1': light1,
  'lilacsat-1': lilacsat1,
  'lucky-7': lucky7,
  mobitex: mobitex({ sync: '5765', withCallSign: 'control', withoutCallSign: 6 }),
  'mobitex-nx': mobitex({ sync: '0ef0', withCallSign: 'control' }),
  'mrc-100-ra': smogRa({ sync: 'e31c9dae', sizes: [126], check: { crc: 'ccitt-false', at: 1 } }),
  ngham: ngham({ reedSolomon: true }),
  'ngham-no-reed-solomon': ngham({ reedSolomon: false }),
  nusat,
  openlst,
  'ops-sat': opsSat,
  qubik,
  'reaktor-hello-world': reaktorHelloWorld,
  's-net': snet({ checks: 'first' }),
  salsat: snet({ checks: 'mended' }),
  sanosat,
  'smog-1-ra': smogRa({ sync: '2dd463c53599', sizes: [128, 256], check: { crc: 'arc', at: -2 } }),
  'smog-1-signalling': smogSignalling({ syncs: ['2dd4a39e1a556bcb', '2dd497fdd37b0f1f'] }),
  'smog-p-ra': smogRa({ sync: '2dd4', sizes: [128, 256] }),
  'smog-p-signalling': smogSignalling({ syncs: ['2dd497fdd37b0f1f'] }),
  spino,
  swiatowid,
  'tt-64': tt64,
  u482c,
  ua01: ax25({ scrambler: 'g3ruh', twice: true }),
  usp,
  yusat,
} as const satisfies Readonly<Record<FramingName, Framing>>;

/** The parameters that a framing looks at. */
export function framingKeys(name: FramingName): readonly FramingKey[] {
  const { keys = [] }: Framing = framings[name];
  return keys;
}

/** A framing's name as satellite files and MODE write it: 'AX100 ASM+Golay' → 'ax100-asmgolay'. */
export function framingSlug(text: string): string {
  return text.trim().toLowerCase().replace(/[.+]/g, '').replace(/\s+/g, '-');
}

/** @throws RangeError when the framing is unknown, or its parameters make no sense. */
export function makeDeframer(params: FramingParams, context: FramingContext): Deframer {
  return framingOf(params.kind).makeDeframer(params, context);
}

/** Words one of which precedes every frame that `codedSymbols` speaks of, where it has one long enough. */
export function syncWords(params: FramingParams): readonly Uint8Array[] {
  return framingOf(params.kind).syncWords ?? [];
}

/** Symbols of the longest frame under a convolutional code; 0 for a framing without one. @throws RangeError as above */
export function codedSymbols(params: FramingParams): number {
  return framingOf(params.kind).codedSymbols?.(params) ?? 0;
}

/** One burst on the air, in channel bits. @throws RangeError as makeDeframer, or when a frame doesn't fit. */
export function encodeFrames(
  params: FramingParams,
  frames: readonly Uint8Array[],
  options?: EncodeOptions,
): Uint8Array {
  return framingOf(params.kind).encode(frames, params, options);
}

function framingOf(kind: string): Framing {
  if (isFramingName(kind)) return framings[kind];
  throw new RangeError(`no framing is called '${kind}'`);
}
