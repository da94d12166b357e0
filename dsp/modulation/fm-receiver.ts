import { type CarrierFollower, carrierFollower } from './carrier-follower.ts';
import { channelFilter, type Stage } from './channel-filter.ts';
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
): CarrierFollower {
  const demodulate = discriminator(rate);
  let audio = new Float32Array(1 << 12);
  const pass = Math.min((shareOfWidth.pass * widthHz) / 2, 0.4 * rate);
  const stop = (shareOfWidth.stop * widthHz) / 2 + 0.02 * rate;
  const filter = channelFilter(rate, pass, Math.min(stop, rate - pass), 1, (iq, n) => {
    if (audio.length < n) audio = new Float32Array(n);
    demodulate.process(iq, n, audio);
    next(audio, n);
  });
  const carrier = carrierFollower({ sampleRate: rate, symbolRate, widthHz, searchHz }, filter.push);
  return {
    ...carrier,
    reset() {
      carrier.reset();
      demodulate.reset();
      filter.reset();
    },
  };
}
