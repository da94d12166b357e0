import type { SampleInput } from '../../inputs/input.ts';
import type { InputFormat, OpenOptions } from '../../inputs/open-input.ts';
import { openInput } from '../../inputs/open-input.ts';
import type { SdrSettingsOf } from '../../settings/settings.ts';
import type { SourceDeps } from './deps.ts';
import { makePacer } from './pacer.ts';
import { bytesPerSample, type Source, type SourceState, type Tuning } from './source.ts';

export type FileSettings = Omit<SdrSettingsOf<'file'>, 'id' | 'receive'>;

const BLOCK_PAIRS = 2 ** 14;
/** At real time a block lasts no longer than this, s. */
const BLOCK_S = 0.05;

/**
 * A recording as a radio: WAV, SigMF or raw IQ, as fast as it is read or at its own pace, once or over and over. Lossless: it
 * waits for its reader. Gaps between SigMF captures are counted in where their times are known. `tune` opens the file and gives
 * what the recording is; its centre is the recording's, the one of the settings, or else the one asked for.
 * @throws InputError from `tune` and `buffers` when the file can't be read
 */
export function fileSource(settings: FileSettings, deps: SourceDeps): Source {
  const options: OpenOptions = {
    kind: 'iq',
    ...(settings.format === undefined ? {} : { format: String(settings.format) as InputFormat }),
    ...(settings.sampleRate === undefined ? {} : { sampleRate: settings.sampleRate }),
  };
  let state: SourceState = { at: 'closed' };
  let opened: SampleInput | null = null;
  let startTimeMs: number | null = null;

  async function open(): Promise<SampleInput> {
    const input = opened ?? (await openInput(settings.path, options));
    opened = input;
    startTimeMs = input.startTime?.getTime() ?? null;
    return input;
  }

  async function* buffers(signal: AbortSignal) {
    state = { at: 'opening' };
    let turn = 0; // sample at which this turn through the file began
    let next = 0;
    let gap = false;
    try {
      do {
        const input = await open();
        opened = null; // the next turn opens it anew
        const { sampleRate } = input;
        const pairs = settings.realtime
          ? Math.max(1, Math.min(BLOCK_PAIRS, Math.round(BLOCK_S * sampleRate)))
          : BLOCK_PAIRS;
        const block = new Float32Array(2 * pairs);
        const pacer = makePacer(() => sampleRate, deps);
        pacer.restart(next);
        state = { at: 'streaming' };
        try {
          let read = 0; // within the file
          for (let n = await input.read(block); n > 0; n = await input.read(block)) {
            if (signal.aborted) return;
            const segment = input.segments.find((s) => s.firstSample === read);
            if (segment && read > 0) {
              gap = true;
              const startMs = input.startTime?.getTime();
              if (segment.time && startMs !== undefined) {
                const told = turn + Math.round(((segment.time.getTime() - startMs) / 1000) * sampleRate);
                next = Math.max(next, told);
                pacer.restart(next);
              }
            }
            if (settings.realtime) await pacer.wait(next + n, signal);
            if (signal.aborted) return;
            yield { bytes: new Uint8Array(block.buffer, 0, n * bytesPerSample.cf32), firstSample: next, gap };
            gap = false;
            read += n;
            next += n;
          }
          if (input.condition.truncated)
            deps.log({ level: 'warn', event: 'interrupted', message: input.condition.truncated });
          if (read === 0) break;
        } finally {
          await input.close();
        }
        turn = next;
        gap = true;
      } while (settings.loop && !signal.aborted);
      deps.log({ level: 'info', event: 'ended', message: `${settings.path}: read to its end` });
    } finally {
      state = { at: signal.aborted ? 'closed' : 'ended' };
    }
  }

  return {
    kind: 'file',
    simulated: false,
    format: 'cf32',
    lossless: true,
    get state() {
      return state;
    },
    get startTimeMs() {
      return startTimeMs;
    },
    async tune(want): Promise<Tuning> {
      const input = await open();
      return { centreHz: settings.centreHz ?? input.centreHz ?? want.centreHz, sampleRate: input.sampleRate };
    },
    buffers,
  };
}
