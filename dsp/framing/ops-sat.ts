import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { uiFrame } from '../coding/ax25-address.ts';
import { byteReliability, reverseBits, sliceBytes } from '../coding/bits.ts';
import { CCSDS_PARITY, ccsdsReedSolomon } from '../coding/ccsds-reed-solomon.ts';
import { g3ruhScramble } from '../coding/g3ruh.ts';
import { hdlcEncode } from '../coding/hdlc.ts';
import { nrziEncode } from '../coding/line-codes.ts';
import type { Framing } from './framing.ts';
import { blockEnd } from './parts/block-end.ts';
import { perHour, reedSolomonAcceptance } from './parts/false-alarms.ts';
import { hdlcRepair } from './parts/hdlc-repair.ts';
import { hdlcWindows } from './parts/hdlc-windows.ts';

/** Addresses, control and PID of an AX.25 UI frame. */
const HEADER_BYTES = 16;
const FCS_BYTES = 2;
const MAX_BYTES = 255;
/** Flags in noise, both ends of a window. */
const FLAG_PROBABILITY = 1 / 256;

/**
 * OPS-SAT: a shortened Reed-Solomon block behind the CCSDS scrambler, sent as the information of an AX.25 UI frame, G3RUH. The
 * AX.25 FCS is not looked at, since the code bears errors. The frame is what was encoded.
 */
export const opsSat: Framing = {
  source: 'AX.25 v2.2 section 3, G3RUH (1988), CCSDS 131.0-B section 4; their order by observation',
  protection: 'Reed-Solomon (t = 16) over the frame',
  makeDeframer(_params, { symbolRate, maxTrials = 0, errorEvents = 'pairs' }) {
    const code = ccsdsReedSolomon('conventional');
    const bytes = new Uint8Array(MAX_BYTES);
    const received = new Uint8Array(MAX_BYTES);
    const reliability = new Float32Array(MAX_BYTES);
    const falseAlarmsPerHour = perHour(symbolRate, 2 * FLAG_PROBABILITY, reedSolomonAcceptance(MAX_BYTES, true));
    /** Corrects the block in `bytes`; its length and corrections, null where there is none. */
    const correct = (size: number, sureness?: Float32Array): { length: number; corrected: number } | null => {
      ccsdsScrambler(bytes, 0, size);
      received.set(bytes);
      const changed = code.decode(bytes, size, sureness);
      if (changed < 0) return null;
      const { length, beyond } = blockEnd(received, bytes, size, 2);
      return length > 0 ? { length, corrected: changed - beyond } : null;
    };
    let repaired: ReturnType<typeof correct> = null;
    // A wrong bit that makes or hides a stuffed one shifts all behind it, which no code corrects: so likely errors are undone.
    const repair =
      maxTrials === 0
        ? null
        : hdlcRepair({
            maxTrials,
            events: errorEvents,
            scrambled: true,
            maxBytes: HEADER_BYTES + MAX_BYTES + FCS_BYTES,
            holds(packet, length) {
              const size = length - HEADER_BYTES;
              if (size <= CCSDS_PARITY || size > MAX_BYTES) return false;
              bytes.set(packet.subarray(HEADER_BYTES, length));
              repaired = correct(size);
              return repaired !== null;
            },
          });

    return hdlcWindows(
      8 * (HEADER_BYTES + CCSDS_PARITY + 1),
      8 * (HEADER_BYTES + MAX_BYTES + FCS_BYTES) + 7,
      ({ bits, n, symbol, endSymbol, open, channel, channelBits }, out) => {
        const give = (block: NonNullable<ReturnType<typeof correct>>, repairedBits: number) => {
          const { length, corrected } = block;
          const integrity = {
            crc: 'none',
            fec: `rs(${length},${length - CCSDS_PARITY})`,
            correctedSymbols: corrected,
            repairedBits,
            falseAlarmsPerHour,
          } as const;
          out.frame({ bytes: bytes.slice(0, length - CCSDS_PARITY), symbol, endSymbol, syncQuality: null, integrity });
          return true;
        };
        const whole = Math.floor(n / 8) - HEADER_BYTES - FCS_BYTES;
        // Where an error near the end made or hid a stuffed bit, or where the end is cut off, the block may be a little longer.
        const most = open ? whole + FCS_BYTES : n % 8 === 0 ? whole : whole + 1;
        for (let size = Math.max(whole, CCSDS_PARITY + 1); size <= Math.min(most, MAX_BYTES); size++) {
          sliceBytes(bits, 8 * HEADER_BYTES, size, bytes);
          reverseBits(bytes);
          byteReliability(bits, 8 * HEADER_BYTES, size, reliability);
          const block = correct(size, reliability);
          if (block) return give(block, 0);
        }
        const fixed = repair?.(channel, channelBits, symbol, endSymbol);
        if (fixed) return give(repaired!, fixed.repairedBits);
        out.reject('fec');
        return false;
      },
    );
  },
  encode(frames, _params, { preambleBytes = 16, gapBytes = 1, tailBytes = 2 } = {}) {
    const code = ccsdsReedSolomon('conventional');
    const packets = frames.map((data) => {
      if (data.length === 0) throw new RangeError('an empty frame can not be sent');
      const block = code.encode(data);
      ccsdsScrambler(block);
      return uiFrame({ callsign: 'CQ', ssid: 0 }, { callsign: 'N0CALL', ssid: 0 }, block);
    });
    return nrziEncode(g3ruhScramble(hdlcEncode(packets, preambleBytes, gapBytes, tailBytes)));
  },
};
