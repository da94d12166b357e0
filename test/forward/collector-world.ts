import type { StoredFrame } from '../../daemon/api/wire.ts';
import type { Collector, CollectorContext, Outcome } from '../../daemon/forward/collector.ts';
import { sampleFrame } from '../store/sample-frame.ts';
import { collectorContext } from './collector-context.ts';

/** Frames as the ledger gives them, numbered from `first`. */
export function storedFrames(count: number, first = 1, change: Partial<StoredFrame> = {}): StoredFrame[] {
  return Array.from({ length: count }, (_, i) => {
    const seq = first + i;
    const time = new Date(Date.UTC(2026, 0, 31, 12) + 1000 * seq).toISOString();
    const frame = Buffer.from(`frame ${seq}`).toString('hex');
    return { seq, id: `id-${seq}`, ...sampleFrame({ time, frame }), copies: [], ...change };
  });
}

export interface SaidByCollector {
  readonly level: 'info' | 'warn';
  readonly message: string;
}

/** @param said gets what the collector logs */
export function contextOf(change: Partial<CollectorContext> = {}, said: SaidByCollector[] = []): CollectorContext {
  return collectorContext({
    station: { callsign: 'TE5T', name: 'Test station', latitude: 48.1, longitude: 11.6, altitudeM: 520 },
    ledgerId: '7e57ed00-0000-4000-8000-000000000000',
    log: {
      info: (_facts, message) => said.push({ level: 'info', message }),
      warn: (_facts, message) => said.push({ level: 'warn', message }),
    },
    ...change,
  });
}

export const unaborted = new AbortController().signal;

/** What the engine does, in short: goes on behind what was settled, until all are. @returns the reasons of every 'later' */
export async function deliverAll(collector: Collector, frames: readonly StoredFrame[]): Promise<string[]> {
  const reasons: string[] = [];
  for (let done = 0; done < frames.length; ) {
    const outcomes = await collector.deliver(frames.slice(done, done + collector.batch), unaborted);
    const unsettled = outcomes.findIndex(({ kind }) => kind === 'later');
    done += unsettled === -1 ? outcomes.length : unsettled;
    const failed = outcomes[unsettled] as Extract<Outcome, { kind: 'later' }> | undefined;
    if (failed !== undefined) {
      reasons.push(failed.reason);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return reasons;
}

export const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ kind }) => kind);
