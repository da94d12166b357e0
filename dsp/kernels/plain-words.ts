import { type CpmKernels, wordGeometry } from './cpm.ts';

const { groupSymbols, segmentSymbols, sideSteps, hypotheses } = wordGeometry;

/** The known words' scores in plain TypeScript and double precision. */
export function plainWords(floats: Float32Array): CpmKernels['cpmWords'] {
  const integers = new Int32Array(floats.buffer);

  return (z, row, positions, centres, book, _work, best, which) => {
    const header = book >> 2;
    const segments = integers[header]!;
    const words = integers[header + 1]!;
    const perWord = integers[header + 2]!;
    const steps = header + 4;
    const lists = steps + 4 * sideSteps;
    const entries = lists + ((words * perWord + 3) & ~3);
    for (let q = 0; q < ((positions + 3) >> 2) << 2; q++) {
      const cos = floats[(centres >> 2) + 8 * (q >> 2) + (q & 3)]!;
      const sin = floats[(centres >> 2) + 8 * (q >> 2) + 4 + (q & 3)]!;
      const sizes = Array.from({ length: segments }, (_, s) => {
        const sums: { re: number; im: number }[] = [];
        let turnRe = 1;
        let turnIm = 0;
        for (let i = 0; i < segmentSymbols; i++) {
          const entry = entries + 4 * (segmentSymbols * s + i);
          const at = (z + 4 * q + integers[entry]!) >> 2;
          const a = floats[at]!;
          const b = floats[at + 2 * row]!;
          const re = a * floats[entry + 1]! - b * floats[entry + 2]!;
          const im = a * floats[entry + 2]! + b * floats[entry + 1]!;
          if (i % groupSymbols === 0) sums.push({ re: 0, im: 0 });
          const sum = sums.at(-1)!;
          sum.re += re * turnRe - im * turnIm;
          sum.im += re * turnIm + im * turnRe;
          const t = turnRe * cos + turnIm * sin;
          turnIm = turnIm * cos - turnRe * sin;
          turnRe = t;
        }
        return Array.from({ length: hypotheses }, (_, h) => {
          const v = h - sideSteps;
          let re = sums[0]!.re;
          let im = sums[0]!.im;
          for (let g = 1; g < sums.length; g++) {
            const at = steps + 4 * (Math.abs(v) - 1) + 2 * (g - 1);
            const c = v === 0 ? 1 : floats[at]!;
            const d = v === 0 ? 0 : -Math.sign(v) * floats[at + 1]!;
            re += sums[g]!.re * c - sums[g]!.im * d;
            im += sums[g]!.re * d + sums[g]!.im * c;
          }
          return Math.hypot(re, im);
        });
      });
      let top = 0;
      let at = 0;
      for (let w = 0; w < words; w++)
        for (let h = 0; h < hypotheses; h++) {
          let sum = 0;
          for (let s = 0; s < perWord; s++) sum += sizes[integers[lists + w * perWord + s]!]![h]!;
          if (!(sum > top)) continue;
          top = sum;
          at = w * hypotheses + h;
        }
      floats[(best >> 2) + q] = top;
      integers[(which >> 2) + q] = at;
    }
  };
}
