import type { LiveChannel } from '../../../daemon/api/live-wire.ts';

/** A signal is shown for so long after it ended: bursts are short, and some come every few seconds only. */
const holdMs = 10_000;

/** What is shown once another look came: noise does not take the place of a signal at once. */
export function heldLook(shown: LiveChannel | null, next: LiveChannel): LiveChannel {
  if (shown === null || !Number.isNaN(next.snrDb) || Number.isNaN(shown.snrDb)) return next;
  if (shown.capture !== next.capture || shown.channel !== next.channel) return next;
  return Math.abs(next.timeMs - shown.timeMs) > holdMs ? next : shown;
}
