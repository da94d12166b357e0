/** A seeded random source for tests, benches and the simulator: same seed, same numbers, everywhere. */
export interface Prng {
  /** Uniform integer in [0, 2^32). */
  uint32(): number;
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Normal with mean 0 and variance 1. */
  normal(): number;
}

// Ziggurat of 128 layers: the start of the tail and the area of one layer for the normal density.
// Source: J. Doornik, "An improved ziggurat method to generate normal random samples" (2005), after Marsaglia and Tsang.
const LAYERS = 128;
const TAIL_START = 3.442619855899;
const LAYER_AREA = 9.91256303526217e-3;

/** Right edges of the layers (wide to narrow) and the ratios of neighbours: below the ratio a point is surely inside. */
const { edges, ratios } = makeLayers();

/** xoshiro128** (Blackman and Vigna, public domain) seeded through SplitMix32; normals by the ziggurat. */
export function prng(seed: number): Prng {
  let mix = seed | 0;
  const split = () => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  let a = split();
  let b = split();
  let c = split();
  let d = split() | 1; // never all zero

  const uint32 = () => {
    const r = Math.imul(b, 5);
    const out = Math.imul((r << 7) | (r >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return out >>> 0;
  };
  const uniform = () => uint32() * 2 ** -32;

  const tail = (negative: boolean) => {
    for (;;) {
      const x = -Math.log(1 - uniform()) / TAIL_START;
      const y = -Math.log(1 - uniform());
      if (2 * y >= x * x) return negative ? -(TAIL_START + x) : TAIL_START + x;
    }
  };
  const normal = () => {
    for (;;) {
      const bits = uint32();
      const layer = bits & (LAYERS - 1);
      const u = (bits | 0) * 2 ** -31; // [-1, 1); its lowest bits also choose the layer, 2^-25 of its size
      if (Math.abs(u) < ratios[layer]!) return u * edges[layer]!;
      if (layer === 0) return tail(u < 0);
      const x = u * edges[layer]!;
      const f0 = Math.exp(-0.5 * (edges[layer]! * edges[layer]! - x * x));
      const f1 = Math.exp(-0.5 * (edges[layer + 1]! * edges[layer + 1]! - x * x));
      if (f1 + uniform() * (f0 - f1) < 1) return x;
    }
  };
  return { uint32, uniform, normal };
}

function makeLayers(): { edges: Float64Array; ratios: Float64Array } {
  const edges = new Float64Array(LAYERS + 1);
  const ratios = new Float64Array(LAYERS);
  let density = Math.exp(-0.5 * TAIL_START * TAIL_START);
  edges[0] = LAYER_AREA / density;
  edges[1] = TAIL_START;
  for (let i = 2; i < LAYERS; i++) {
    edges[i] = Math.sqrt(-2 * Math.log(LAYER_AREA / edges[i - 1]! + density));
    density = Math.exp(-0.5 * edges[i]! * edges[i]!);
  }
  for (let i = 0; i < LAYERS; i++) ratios[i] = edges[i + 1]! / edges[i]!;
  return { edges, ratios };
}
