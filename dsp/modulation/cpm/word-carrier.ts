const turn = 2 * Math.PI;
const steps = 24;
const step = 1 / 1024;

/** Cycles a symbol at which `n` wiped phasors (re, im) add up best, within ±24/1024; interpolated by a parabola. */
export function wordCarrier(wiped: Float64Array, n: number): number {
  let best = 0;
  let top = -1;
  for (let m = -steps; m <= steps; m++) {
    const size = spectrum(wiped, n, m * step);
    if (size > top) {
      top = size;
      best = m;
    }
  }
  const a = spectrum(wiped, n, (best - 1) * step);
  const c = spectrum(wiped, n, (best + 1) * step);
  const curve = a - 2 * top + c;
  const delta = curve < 0 ? Math.max(-1, Math.min(1, (0.5 * (a - c)) / curve)) : 0;
  return (best + delta) * step;
}

/** |Σ w·e^{−j2πfk}|. */
function spectrum(w: Float64Array, n: number, cycles: number): number {
  const c = Math.cos(turn * cycles);
  const s = -Math.sin(turn * cycles);
  let re = 0;
  let im = 0;
  for (let k = n - 1; k >= 0; k--) {
    const t = re * c - im * s + w[2 * k]!;
    im = re * s + im * c + w[2 * k + 1]!;
    re = t;
  }
  return Math.sqrt(re * re + im * im);
}
