import { basename } from 'node:path';

/**
 * What SDR# and HDSDR put into the names of their recordings: `SDRSharp_20240131_120000Z_437000000Hz_IQ.wav`,
 * `HDSDR_20240131_120000Z_437000kHz_RF.wav`. Only a time that says UTC (Z) counts.
 */
export function readFileName(path: string): { startTime: Date | null; centreHz: number | null } {
  const match = /_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)Z_(\d{1,12})(k?)Hz(?:_|\.)/.exec(basename(path));
  if (!match) return { startTime: null, centreHz: null };
  const [year, month, day, hour, minute, second, frequency] = match.slice(1, 8).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const real = time.toISOString().startsWith(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}`);
  return { startTime: real ? time : null, centreHz: frequency * (match[8] === 'k' ? 1000 : 1) };
}
