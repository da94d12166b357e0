import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock, Timers } from '../../daemon/core/clock.ts';
import { type SourceDeps, type SourceEvent, systemDeps } from '../../daemon/drivers/sdr/index.ts';
import type { SampleBuffer, Source } from '../../daemon/drivers/sdr/source.ts';

/** The real world with a log to look at. */
export function testDeps(over: Partial<SourceDeps> = {}): SourceDeps & { readonly events: SourceEvent[] } {
  const events: SourceEvent[] = [];
  return {
    ...systemDeps({
      log: (event) => events.push(event),
      findSatellite: (name) => {
        throw new Error(`no satellite ${name} here`);
      },
    }),
    ...over,
    events,
  };
}

/** A clock that jumps to the next timer as soon as nothing else is to do: time passes without waiting. */
export function virtualTime(): { clock: Clock; timers: Timers } {
  let now = 0;
  const waiting: { at: number; then: () => void }[] = [];
  const pump = () => {
    waiting.sort((a, b) => a.at - b.at);
    const next = waiting.shift();
    if (!next) return;
    now = Math.max(now, next.at);
    next.then();
  };
  return {
    clock: { now: () => now, monotonic: () => now },
    timers: {
      after(ms, then) {
        const entry = { at: now + ms, then };
        waiting.push(entry);
        setImmediate(pump);
        return () => {
          const at = waiting.indexOf(entry);
          if (at >= 0) waiting.splice(at, 1);
        };
      },
    },
  };
}

/** Reads buffers until `enough` says so; each is copied, since a source uses its memory again. */
export async function read(
  source: Source,
  enough: (buffers: readonly SampleBuffer[]) => boolean,
  signal = new AbortController(),
): Promise<SampleBuffer[]> {
  const got: SampleBuffer[] = [];
  for await (const buffer of source.buffers(signal.signal)) {
    got.push({ ...buffer, bytes: buffer.bytes.slice() });
    if (enough(got)) break;
  }
  signal.abort();
  return got;
}

export function total(buffers: readonly SampleBuffer[]): number {
  return buffers.reduce((n, b) => n + b.bytes.length, 0);
}

/** A child that runs this JavaScript. */
export function spawnScript(script: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, ['-e', script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}
