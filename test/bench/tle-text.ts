import type { Elements } from '../../daemon/tracking/elements.ts';

/** Two lines of a TLE, as exact as the format is; for satellites with numbers below 100,000. */
export function tleOf(elements: Elements): [string, string] {
  const { norad, epochMs } = elements;
  const year = new Date(epochMs).getUTCFullYear();
  const day = (epochMs - Date.UTC(year, 0, 1)) / 86_400_000 + 1;
  const number = String(norad).padStart(5, '0');
  const epoch = `${String(year % 100).padStart(2, '0')}${day.toFixed(8).padStart(12, '0')}`;
  const angle = (deg: number) => deg.toFixed(4).padStart(8, ' ');
  const eccentricity = Math.round(elements.eccentricity * 1e7)
    .toString()
    .padStart(7, '0');
  const first = `1 ${number}U 20001A   ${epoch}  .00000000  00000+0 ${exponent(elements.bstar)} 0  999`;
  const second = `2 ${number} ${angle(elements.inclinationDeg)} ${angle(elements.raanDeg)} ${eccentricity} ${angle(
    elements.argumentOfPerigeeDeg,
  )} ${angle(elements.meanAnomalyDeg)} ${elements.meanMotionRevPerDay.toFixed(8).padStart(11, ' ')}    1`;
  return [first + checksum(first), second + checksum(second)];
}

/** 0.0001 → " 10000-3": a decimal point is understood before the digits. */
function exponent(value: number): string {
  if (value === 0) return ' 00000+0';
  const power = Math.floor(Math.log10(Math.abs(value))) + 1;
  const digits = Math.round((Math.abs(value) / 10 ** power) * 1e5);
  return `${value < 0 ? '-' : ' '}${String(digits).padStart(5, '0')}${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}

function checksum(line: string): number {
  let sum = 0;
  for (const c of line) sum += c === '-' ? 1 : c >= '0' && c <= '9' ? Number(c) : 0;
  return sum % 10;
}
