import type { DecodedFrame } from '../api/wire.ts';

/** What becomes of a pass, in this order; 'missed' when it was planned and its capture could not begin. */
export type RunState = 'planned' | 'receiving' | 'flushing' | 'done' | 'missed';

const next: Readonly<Record<RunState, readonly RunState[]>> = {
  planned: ['receiving', 'missed'],
  receiving: ['flushing'],
  flushing: ['done'],
  done: [],
  missed: [],
};

/** Offsets that are kept of a pass for the fit and the plot. */
const mostOffsets = 2000;

/** One measurement of a frame's carrier. */
export interface OffsetPoint {
  readonly timeMs: number;
  /** Measured minus predicted, Hz. */
  readonly offsetHz: number;
  readonly frequencyHz: number;
}

/** What the radio had to say of a capture when it ended. */
export interface CaptureReport {
  readonly samples: number;
  readonly droppedSamples: number;
  readonly gaps: number;
  /** Candidates of frames that failed their check. */
  readonly rejects: number;
  /** What stopped the radio, null when nothing did. */
  readonly failure: string | null;
  /** Name of the recording; null without one. */
  readonly recording: string | null;
}

export interface PassTally {
  readonly frames: number;
  readonly bestSnrDb: number | null;
  readonly meanSnrDb: number | null;
  readonly offsets: readonly OffsetPoint[];
  /** True when a radio that is simulated gave any of its frames. */
  readonly simulated: boolean;
}

/** The life of one pass on one SDR. */
export class PassRun {
  private at: RunState = 'planned';
  private frames = 0;
  private snrFrames = 0;
  private snrSum = 0;
  private bestSnr = Number.NEGATIVE_INFINITY;
  private simulated = false;
  private readonly points: OffsetPoint[] = [];

  get state(): RunState {
    return this.at;
  }

  /** @throws Error for a step that a pass can't take: the program's own fault */
  enter(state: RunState): void {
    if (!next[this.at].includes(state)) throw new Error(`a pass can't go from ${this.at} to ${state}`);
    this.at = state;
  }

  /** A frame of the pass; frames of the time of flushing count too. */
  heard(
    frame: Pick<DecodedFrame, 'snr_db' | 'offset_hz'> & { readonly simulated: boolean },
    timeMs: number,
    frequencyHz: number,
  ): void {
    this.frames += 1;
    this.simulated ||= frame.simulated;
    if (frame.snr_db !== null) {
      this.snrFrames += 1;
      this.snrSum += frame.snr_db;
      this.bestSnr = Math.max(this.bestSnr, frame.snr_db);
    }
    if (frame.offset_hz !== null && this.points.length < mostOffsets)
      this.points.push({ timeMs, offsetHz: frame.offset_hz, frequencyHz });
  }

  tally(): PassTally {
    return {
      frames: this.frames,
      bestSnrDb: this.snrFrames === 0 ? null : this.bestSnr,
      meanSnrDb: this.snrFrames === 0 ? null : this.snrSum / this.snrFrames,
      offsets: this.points,
      simulated: this.simulated,
    };
  }
}

/** Whether the antenna was to be on the satellite, whether it was, and what was wrong with its rotator. */
export interface AntennaReport {
  readonly planned: boolean;
  readonly pointed: boolean;
  readonly trouble: string | null;
}

/** In plain words, why a pass brought no frame; null when it did. */
export function whyNothing(tally: PassTally, report: CaptureReport | null, antenna: AntennaReport): string | null {
  if (tally.frames > 0) return null;
  if (report === null) return 'the capture did not begin';
  if (report.failure !== null) return `the radio failed: ${report.failure}`;
  if (report.samples === 0) return 'the radio delivered no samples';
  if (report.droppedSamples > report.samples / 2) return 'this computer was too slow: most samples were dropped';
  if (report.rejects > 0) return `${report.rejects} candidates, but none passed its check: too weak, or another mode`;
  if (!antenna.planned) return 'no signal found; the antenna followed another satellite';
  if (!antenna.pointed)
    return `no signal found; the antenna did not point at the satellite: ${antenna.trouble ?? 'it did not get there'}`;
  return 'no signal found: the satellite was silent, too weak, or on another frequency';
}
