/**
 * A colour map for levels, from nearly black over blue and green to light yellow: lightness rises evenly, so that equal steps of
 * a level look equal, also to who sees no hues; hues go from blue to yellow, which the colour-blind tell apart. By the
 * formula of Oklab (B. Ottosson, 2020): lightness and hue are straight lines, chroma is an arch that stays within sRGB.
 */
export function colourMap(colours: number): [number, number, number][] {
  return Array.from({ length: colours }, (_, i) => colourAt(i / Math.max(1, colours - 1)));
}

const [darkest, lightest] = [0.035, 0.955] as const;
const [firstHue, lastHue] = [290, 105] as const;
const mostChroma = 0.17;

function colourAt(t: number): [number, number, number] {
  const lightness = oklabLightness(darkest + (lightest - darkest) * t);
  const hue = ((firstHue + (lastHue - firstHue) * t) * Math.PI) / 180;
  const wished = mostChroma * Math.sin(Math.PI * (0.08 + 0.8 * t));
  // Where sRGB has no such colour, a paler one of the same lightness.
  for (let chroma = wished; ; chroma *= 0.97) {
    const rgb = linearRgb(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
    if (chroma < 1e-3 || rgb.every((part) => part >= 0 && part <= 1))
      return rgb.map(encoded) as [number, number, number];
  }
}

/** Oklab's lightness of one that is even in the dark too (Ottosson's L_r, of 2021). */
function oklabLightness(even: number): number {
  const [k1, k2] = [0.206, 0.03];
  return (even * (even + k1)) / (((1 + k1) / (1 + k2)) * (even + k2));
}

function linearRgb(lightness: number, a: number, b: number): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function encoded(linear: number): number {
  const part = Math.max(0, Math.min(1, linear));
  const value = part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055;
  return Math.round(255 * value);
}
