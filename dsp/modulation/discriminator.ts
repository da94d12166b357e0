/**
 * Instantaneous frequency of a complex signal in Hz: the phase advance from sample to sample. Iq (n) → Real (n).
 * In place is not possible (the output is half as long).
 */
export function discriminator(sampleRate: number): {
  process(iq: Float32Array, n: number, out: Float32Array): void;
  reset(): void;
} {
  const scale = sampleRate / (2 * Math.PI);
  let lastRe = 0;
  let lastIm = 0;
  return {
    process(iq, n, out) {
      let pr = lastRe;
      let pi = lastIm;
      for (let i = 0; i < n; i++) {
        const re = iq[2 * i]!;
        const im = iq[2 * i + 1]!;
        out[i] = scale * Math.atan2(im * pr - re * pi, re * pr + im * pi);
        pr = re;
        pi = im;
      }
      lastRe = pr;
      lastIm = pi;
    },
    reset() {
      lastRe = 0;
      lastIm = 0;
    },
  };
}
