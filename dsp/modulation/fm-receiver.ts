import { CoarseCarrier } from '../sync/coarse-carrier.ts';
import { Derotator } from '../sync/derotator.ts';
import { channelFilter, type Pushing, type Stage } from './channel-filter.ts';
import { discriminator } from './discriminator.ts';

/**
 * Iq at `rate`, carrier within ±searchHz → instantaneous frequency, Hz from the tracked carrier.
 * @param shareOfWidth how much of `widthHz` passes the filter before the discriminator, and where it stops
 */
export function fmReceiver(
  rate: number,
  symbolRate: number,
  widthHz: number,
  searchHz: number,
  next: Stage,
  shareOfWidth: { readonly pass: number; readonly stop: number } = { pass: 1, stop: 1.5 },
): { stage: Pushing; offsetHzAt: (sample: number) => number; latency: number } {
  const carrier = new CoarseCarrier({ sampleRate: rate, symbolRate, widthHz, searchHz });
  const derotator = new Derotator(rate);
  const demodulate = discriminator(rate);
  let audio = new Float32Array(1 << 12);
  const pass = Math.min((shareOfWidth.pass * widthHz) / 2, 0.4 * rate);
  const stop = (shareOfWidth.stop * widthHz) / 2 + 0.02 * rate;
  const filter = channelFilter(rate, pass, Math.min(stop, rate - pass), 1, (iq, n) => {
    if (audio.length < n) audio = new Float32Array(n);
    demodulate.process(iq, n, audio);
    next(audio, n);
  });
  return {
    latency: carrier.latency,
    offsetHzAt: (sample) => derotator.hzAt(sample),
    stage: {
      push(iq, n) {
        derotator.push(iq, n);
        carrier.push(iq, n, (sample, hz) => {
          derotator.estimate(sample, hz);
          const { output } = derotator;
          const ready = output.end - output.start;
          if (ready > 0) {
            filter.push(output.data, ready / 2);
            output.start = output.end;
          }
        });
      },
      reset() {
        carrier.reset();
        derotator.reset();
        demodulate.reset();
        filter.reset();
      },
    },
  };
}
