import { CoarseCarrier, type CoarseCarrierOptions } from './coarse-carrier.ts';
import { Derotator } from './derotator.ts';

export interface SteppedCarrierOptions extends CoarseCarrierOptions {
  /** The carrier is brought within ± about this of 0 Hz. */
  readonly captureHz: number;
}

/**
 * Brings a carrier that may be anywhere in a wide range near 0 Hz, in rare steps and constant in between: a fine
 * synchroniser behind it sees a still carrier, not the jitter of the coarse estimate.
 */
export class SteppedCarrier {
  readonly derotator: Derotator;
  readonly latency: number;
  private readonly coarse: CoarseCarrier;
  private readonly captureHz: number;
  private held = 0;
  private first = true;

  constructor(options: SteppedCarrierOptions) {
    this.coarse = new CoarseCarrier(options);
    this.derotator = new Derotator(options.sampleRate);
    this.latency = this.coarse.latency;
    this.captureHz = options.captureHz;
  }

  push(iq: Float32Array, n: number, next: (iq: Float32Array, at: number, n: number) => void): void {
    this.derotator.push(iq, n);
    this.coarse.push(iq, n, (sample, hz) => {
      if (this.first || Math.abs(hz - this.held) > 0.6 * this.captureHz) this.held = hz;
      this.first = false;
      this.derotator.estimate(sample, this.held);
      const { output } = this.derotator;
      const ready = output.end - output.start;
      if (ready > 0) {
        next(output.data, 0, ready / 2);
        output.start = output.end;
      }
    });
  }

  reset(): void {
    this.coarse.reset();
    this.derotator.reset();
    this.held = 0;
    this.first = true;
  }
}
