import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { uiFrame } from '../coding/ax25-address.ts';
import { byteReliability, reverseBits, sliceBytes } from '../coding/bits.ts';
import { CCSDS_PARITY, ccsdsReedSolomon } from '../coding/ccsds-reed-solomon.ts';
import { g3ruhScramble, g3ruhSoftDescrambler } from '../coding/g3ruh.ts';
import { hdlcEncode } from '../coding/hdlc.ts';
import { nrziEncode } from '../coding/line-codes.ts';
import type { Framing } from './framing.ts';
import { blockEnd } from './parts/block-end.ts';
import { perHour, reedSolomonAcceptance } from './parts/false-alarms.ts';
import { hdlcWindows } from './parts/hdlc-windows.ts';
import { precededBy, softNrziDecoder } from './parts/preceded-by.ts';

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
  makeDeframer(_params, { symbolRate }) {
    const code = ccsdsReedSolomon('conventional');
    const bytes = new Uint8Array(MAX_BYTES);
    const received = new Uint8Array(MAX_BYTES);
    const reliability = new Float32Array(MAX_BYTES);
    const falseAlarmsPerHour = perHour(symbolRate, 2 * FLAG_PROBABILITY, reedSolomonAcceptance(MAX_BYTES, true));
    const windows = hdlcWindows(
      8 * (HEADER_BYTES + CCSDS_PARITY + 1),
      8 * (HEADER_BYTES + MAX_BYTES + FCS_BYTES) + 7,
      ({ bits, n, symbol, endSymbol, open }, out) => {
        const whole = Math.floor(n / 8) - HEADER_BYTES - FCS_BYTES;
        // Where an error near the end made or hid a stuffed bit, or where the end is cut off, the block may be a little longer.
        const most = open ? whole + FCS_BYTES : n % 8 === 0 ? whole : whole + 1;
        for (let size = Math.max(whole, CCSDS_PARITY + 1); size <= Math.min(most, MAX_BYTES); size++) {
          sliceBytes(bits, 8 * HEADER_BYTES, size, bytes);
          byteReliability(bits, 8 * HEADER_BYTES, size, reliability);
          ccsdsScrambler(reverseBits(bytes), 0, size);
          received.set(bytes);
          const changed = code.decode(bytes, size, reliability);
          if (changed < 0) continue;
          const { length, beyond } = blockEnd(received, bytes, size, 2);
          if (length === 0) continue;
          const integrity = {
            crc: 'none',
            fec: `rs(${length},${length - CCSDS_PARITY})`,
            correctedSymbols: changed - beyond,
            repairedBits: 0,
            falseAlarmsPerHour,
          } as const;
          out.frame({ bytes: bytes.slice(0, length - CCSDS_PARITY), symbol, endSymbol, syncQuality: null, integrity });
          return true;
        }
        out.reject('fec');
        return false;
      },
    );
    return precededBy(softNrziDecoder(), precededBy(g3ruhSoftDescrambler(), windows));
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
