/** Nobody said how far off the carrier may be: residual Doppler and oscillators. */
export function defaultSearchHz(sampleRate: number, widthHz: number): number {
  return Math.max(100, Math.min(2500, 0.45 * sampleRate - widthHz / 2));
}
