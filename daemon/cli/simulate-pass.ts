import type { PassGeometry } from '../simulator/pass-geometry.ts';
import { predictedPass } from '../simulator/predicted-pass.ts';
import { flatHorizon } from '../tracking/horizon.ts';
import { findPasses } from '../tracking/passes.ts';
import { propagator } from '../tracking/propagator.ts';
import { type CommandIo, UsageError } from './command.ts';
import { findTarget, readInstant, trackingBase, warnOfAge } from './tracking-options.ts';

/** A rise told to the second must not lie before the pass. */
const horizon = flatHorizon(-1);
const DAY_MS = 86_400_000;

/**
 * The pass of a satellite in which the simulated stream begins, by orbital elements.
 * @throws UsageError when the satellite is not up then, StationError without elements
 */
export function realPass(
  given: {
    readonly elements: readonly string[];
    readonly location: string | undefined;
    readonly config: string | undefined;
    readonly startTime: string;
  },
  satellite: string,
  io: CommandIo,
): { readonly pass: PassGeometry; readonly startS: number } {
  const startMs = readInstant('start-time', given.startTime);
  const base = trackingBase(given, io, startMs);
  const target = findTarget(base, satellite);
  warnOfAge([target], startMs, io);
  const { elements } = target;
  const [next] = findPasses({ elements, place: base.place, horizon, fromMs: startMs, toMs: startMs + DAY_MS });
  if (next?.rise == null || next.set === null || next.rise.timeMs > startMs) {
    const when = next?.rise
      ? `; its next pass begins at ${new Date(next.rise.timeMs).toISOString().slice(0, 19)}Z`
      : '';
    throw new UsageError(`--start-time '${given.startTime}': ${target.name} neither rises nor is up then${when}`);
  }
  if (base.placeNote) io.stderr.write(`downlinkd: ${base.placeNote}\n`);
  const [fromMs, toMs] = [next.rise.timeMs, next.set.timeMs];
  const pass = predictedPass(propagator(elements), base.place, fromMs, toMs);
  return { pass, startS: (startMs - (fromMs + toMs) / 2) / 1000 };
}
