import { byteReliability, sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import { checkIl2pCrc, IL2P_CRC_SYMBOLS, il2pCrc } from '../coding/il2p-crc.ts';
import { IL2P_HEADER_BYTES, type Il2pHeader, il2pEncode } from '../coding/il2p-header.ts';
import { il2pDescramble, il2pScramble } from '../coding/il2p-scrambler.ts';
import { nrziEncode } from '../coding/line-codes.ts';
import { softReedSolomon } from '../coding/soft-reed-solomon.ts';
import type { Soft } from '../core/types.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { hardSyncProbability, perHour, reedSolomonAcceptance } from './parts/false-alarms.ts';
import {
  IL2P_HEADER_SYMBOLS,
  type Il2pCandidate,
  il2pCode,
  il2pHeaderCode,
  il2pHeaders,
} from './parts/il2p-headers.ts';
import { precededBy, softNrziDecoder } from './parts/preceded-by.ts';
import { syncDeframer, type Verdict } from './parts/sync-deframer.ts';
import { hardSync, syncErrors } from './parts/sync-search.ts';

const SYNC = 'f15e48';
const SYNC_ERRORS = 3;
/** The tolerance that the specification recommends: with more errors the header must look like one. */
const SURE_SYNC_ERRORS = 1;
const MAX_PAYLOAD = 1023;
const MAX_BLOCK = 239;
const PARITY = 16;
/** Of random headers those that the code accepts, of type 1 and without payload; and those with a payload of one short block. */
const HEADER_ACCEPTANCE = (1 + 15 * 255) / 65536;
const NO_PAYLOAD = 1 / 2 / 1024;
/** Blocks that chance passes more often than this are corrected without erasures, unless a CRC confirms the frame. */
const UNCONFIRMED_ACCEPTANCE = 1e-5;
/** And so must be a header that asks for more changes than this: 1 of 17 wrong ones is taken for another. */
const UNCONFIRMED_COST = 2;

/**
 * Improved Layer 2 Protocol: sync word, header and blocks of payload, each scrambled and then Reed-Solomon coded, a CRC behind them
 * that may be missing. NRZ; on BPSK a 1 keeps the phase, which `precoding` differential undoes behind a coherent demodulator. The
 * frame is the AX.25 frame that was translated, without FCS.
 */
export const il2p: Framing = {
  source: 'Improved Layer 2 Protocol, specification draft v0.6 (Nino Carrillo, KK4HEJ)',
  protection: 'Reed-Solomon over the header (t = 1) and every 239 bytes of payload (t = 8); CRC-16 where it is sent',
  keys: ['precoding'],
  makeDeframer({ precoding }, { symbolRate }) {
    const readHeaders = il2pHeaders();
    const payloadCode = softReedSolomon(il2pCode(PARITY));
    const block = new Uint8Array(MAX_BLOCK + PARITY);
    const reliability = new Float32Array(MAX_BLOCK + PARITY);
    const falseAlarmsPerHour = perHour(
      symbolRate,
      hardSyncProbability(24, SURE_SYNC_ERRORS, 2),
      HEADER_ACCEPTANCE,
      NO_PAYLOAD + reedSolomonAcceptance(MAX_BLOCK + PARITY, false, 0, PARITY) + UNCONFIRMED_ACCEPTANCE,
    );

    /** Symbols of header, payload and CRC. */
    const symbolsOf = ({ payloadBytes }: Il2pHeader) =>
      IL2P_HEADER_SYMBOLS + 8 * codedBytes(payloadBytes) + IL2P_CRC_SYMBOLS;

    const decodeFrame = (frame: Soft, header: Il2pCandidate, erasing: boolean): Verdict => {
      const { payloadBytes, ax25, cost } = header;
      const blocks = blockSizes(payloadBytes);
      const bytes = new Uint8Array(ax25.length + payloadBytes);
      bytes.set(ax25);
      let at = ax25.length;
      let symbol = IL2P_HEADER_SYMBOLS;
      let correctedSymbols = 0;
      let unconfirmed = cost > UNCONFIRMED_COST;
      for (const size of blocks) {
        const n = size + PARITY;
        sliceBytes(frame, symbol, n, block);
        byteReliability(frame, symbol, n, reliability);
        if (erasing && reedSolomonAcceptance(n, true, 0, PARITY) > UNCONFIRMED_ACCEPTANCE) unconfirmed = true;
        const changed = payloadCode.decode(block, n, erasing ? reliability : undefined);
        if (changed < 0) return { reject: 'fec' };
        correctedSymbols += changed;
        bytes.set(il2pDescramble(block.slice(0, size)), at);
        at += size;
        symbol += 8 * n;
      }
      const crc = checkIl2pCrc(bytes, frame, symbol);
      if (crc === 'bad' || (crc === 'none' && unconfirmed)) return { reject: 'crc' };
      return {
        bytes,
        symbols: symbol + (crc === 'ok' ? IL2P_CRC_SYMBOLS : 0),
        doubt: correctedSymbols,
        integrity: {
          crc,
          fec:
            blocks.length > 0
              ? `rs(${blocks[0]! + PARITY},${blocks[0]})${blocks.length > 1 ? ` x${blocks.length}` : ''}`
              : `rs(${IL2P_HEADER_SYMBOLS / 8},${IL2P_HEADER_BYTES})`,
          correctedSymbols,
          repairedBits: 0,
          falseAlarmsPerHour,
        },
      };
    };

    const deframer = syncDeframer({
      search: hardSync(SYNC, SYNC_ERRORS),
      firstSymbols: IL2P_HEADER_SYMBOLS,
      maxSymbols: IL2P_HEADER_SYMBOLS + 8 * codedBytes(MAX_PAYLOAD) + IL2P_CRC_SYMBOLS,
      maxAttempts: 64,
      confidentDoubt: 4,
      decode(frame, n, { quality }) {
        const headers = readHeaders(frame, syncErrors(quality, 24) <= SURE_SYNC_ERRORS);
        const longer = headers.find((header) => symbolsOf(header) > n);
        let verdict: Verdict = { reject: 'header' };
        // Those of this length are new; what is shorter has been tried.
        for (const header of headers.filter((h) => symbolsOf(h) === n)) {
          for (const erasing of [false, true]) {
            verdict = decodeFrame(frame, header, erasing);
            if ('bytes' in verdict) return verdict;
          }
        }
        return longer ? { need: symbolsOf(longer) } : verdict;
      },
    });
    return precoding === 'differential' ? precededBy(softNrziDecoder(), deframer) : deframer;
  },
  encode(frames, { precoding }, options) {
    const headerCode = il2pHeaderCode();
    const payloadCode = softReedSolomon(il2pCode(PARITY));
    const bits = burst(
      frames.map((frame) => {
        if (frame.length === 0) throw new RangeError('an empty frame can not be sent');
        const { header, payload } = il2pEncode(frame);
        if (payload.length > MAX_PAYLOAD)
          throw new RangeError(`${payload.length} bytes are more than the ${MAX_PAYLOAD} of an IL2P payload`);
        const coded = (data: Uint8Array, code: { parity: number; encode(block: Uint8Array, n: number): void }) => {
          const word = new Uint8Array(data.length + code.parity);
          word.set(il2pScramble(data));
          code.encode(word, word.length);
          return unpackMsbFirst(word);
        };
        let at = 0;
        const blocks = blockSizes(payload.length).map((size) => {
          at += size;
          return coded(payload.slice(at - size, at), payloadCode);
        });
        return concatenate([syncBits(SYNC), coded(header, headerCode), ...blocks, unpackMsbFirst(il2pCrc(frame))]);
      }),
      options,
    );
    return precoding === 'differential' ? nrziEncode(bits) : bits;
  },
};

/** Payload in as few blocks as possible, as equal as possible, the larger ones first. */
function blockSizes(payloadBytes: number): number[] {
  const count = Math.ceil(payloadBytes / MAX_BLOCK);
  return Array.from({ length: count }, (_, i) => Math.floor(payloadBytes / count) + (i < payloadBytes % count ? 1 : 0));
}

function codedBytes(payloadBytes: number): number {
  return payloadBytes + PARITY * Math.ceil(payloadBytes / MAX_BLOCK);
}
