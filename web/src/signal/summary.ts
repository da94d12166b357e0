import type { LiveCapture, LiveChannel } from '../../../daemon/api/live-wire.ts';
import { megahertz, offset } from '../format.ts';
import { texts } from '../texts.ts';
import type { RowRing } from './row-ring.ts';

/** The highest of many bins of noise lies less above their middle. */
const clearlyDb = 12;

/** The live signal in words, for who does not see the waterfall. */
export function summary(capture: LiveCapture, ring: RowRing, look: LiveChannel | null): string {
  const words = texts.signal.summary;
  const parts = [words.capture(capture.sdr, megahertz(capture.centreHz), Math.round(capture.sampleRate / 1000))];
  const slot = ring.slot(0);
  if (slot === null) return parts.join(' ');
  const { lowHz, highHz, bins, channelsHz } = ring.row(slot);
  const levels = ring.levels.subarray(slot * ring.widest, slot * ring.widest + bins);
  const noise = Float32Array.from(levels).sort()[bins >> 1]!;
  let highest = 0;
  for (let i = 1; i < bins; i++) if (levels[i]! > levels[highest]!) highest = i;
  const above = Math.round((levels[highest]! - noise) * ring.stepDb);
  const strongestHz = lowHz + ((highest + 0.5) / bins) * (highHz - lowHz);
  parts.push(above < clearlyDb ? words.nothingStrong : words.strongest(megahertz(strongestHz), above));
  const channel = look === null ? undefined : capture.channels[look.channel];
  if (look !== null && channel !== undefined) {
    const at = channelsHz[look.channel];
    const name = channel.satellite;
    parts.push(
      Number.isNaN(look.snrDb)
        ? words.nothingOf(name, at === undefined ? null : megahertz(at))
        : words.signalOf(name, look.snrDb.toFixed(0), Number.isNaN(look.offsetHz) ? null : offset(look.offsetHz)),
    );
  }
  return parts.join(' ');
}
