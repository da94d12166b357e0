import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './core/atomic-file.ts';
import { StationError, systemCode } from './core/error.ts';

/** How much higher than published a satellite's transmitters are heard here. */
export interface Calibration {
  readonly norad: number;
  readonly offsetPpm: number;
  /** The pass that it was measured in, and when it was taken over. */
  readonly pass: string;
  readonly takenAt: string;
}

export interface Calibrations {
  of(norad: number): Calibration | null;
  all(): readonly Calibration[];
  /** On disk when it resolves; null forgets it. */
  set(norad: number, calibration: Calibration | null): Promise<void>;
}

/** Oscillators are off by less; a file that says more is damaged. */
const mostPpm = 200;

/** The calibrations that the operator took over, in the data folder. @throws StationError SETTINGS_INVALID for a file that is none */
export function openCalibrations(dataFolder: string): Calibrations {
  const file = join(dataFolder, 'calibrations.json');
  const held = new Map(read(file).map((one) => [one.norad, one]));
  return {
    of: (norad) => held.get(norad) ?? null,
    all: () => [...held.values()],
    async set(norad, calibration) {
      if (calibration === null) held.delete(norad);
      else held.set(norad, calibration);
      await replaceFile(file, `${JSON.stringify([...held.values()], null, 2)}\n`);
    },
  };
}

function read(file: string): Calibration[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every(isCalibration)) return value;
  } catch {
    // Said below.
  }
  throw new StationError('SETTINGS_INVALID', `${file} is damaged: move it away`);
}

function isCalibration(value: unknown): value is Calibration {
  const { norad, offsetPpm, pass, takenAt } = (value ?? {}) as Partial<Record<keyof Calibration, unknown>>;
  return (
    Number.isInteger(norad) &&
    typeof offsetPpm === 'number' &&
    Math.abs(offsetPpm) <= mostPpm &&
    typeof pass === 'string' &&
    typeof takenAt === 'string'
  );
}
