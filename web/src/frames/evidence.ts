import type { StoredFrame } from '../../../daemon/api/wire.ts';
import { fixed, offset } from '../format.ts';
import { texts } from '../texts.ts';

const words = texts.frames.evidence;

/** What speaks for a frame, each with its name. */
export function evidenceOf(frame: StoredFrame): readonly (readonly [string, string])[] {
  const { integrity } = frame;
  const facts: (readonly [string, string])[] = [
    [words.snr, frame.snr_db === null ? words.notMeasured : words.snrIs(fixed(frame.snr_db, 1))],
    [words.offset, frame.offset_hz === null ? words.notMeasured : words.offsetIs(offset(frame.offset_hz))],
    [words.check, words.crc[integrity.crc]],
    [words.code, integrity.fec === 'none' ? words.noCode : words.codeIs(integrity.fec, integrity.correctedSymbols)],
    [words.repaired, words.repairedBits(integrity.repairedBits)],
    [words.falseAlarms, falseAlarms(integrity.falseAlarmsPerHour)],
    [words.clock, words.clocks[frame.clock] + (frame.clock_source === null ? '' : words.clockFrom(frame.clock_source))],
  ];
  if (frame.clock_ppm !== null) facts.push([words.symbolClock, words.symbolClockIs(fixed(frame.clock_ppm, 1))]);
  if (frame.modulation_index !== null) facts.push([words.modulationIndex, fixed(frame.modulation_index, 3)]);
  if (frame.sync_quality !== null) facts.push([words.sync, words.syncIs(Math.round(100 * frame.sync_quality))]);
  return facts;
}

function falseAlarms(perHour: number | null): string {
  if (perHour === null) return words.falseAlarmsUnknown;
  if (perHour === 0) return words.falseAlarmsNone;
  if (perHour >= 1) return words.falseAlarmsMany(perHour.toPrecision(2));
  const hours = 1 / perHour;
  const days = hours / 24;
  const [count, unit] =
    hours < 48
      ? [hours, words.hours]
      : days < 730
        ? [days, words.days]
        : days < 365_250
          ? [days / 365.25, words.years]
          : [null, ''];
  return count === null ? words.falseAlarmsRare : words.falseAlarmsEvery(Math.round(count), unit);
}
