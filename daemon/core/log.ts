import { type Logger, pino } from 'pino';
import type { Clock } from './clock.ts';

export type Log = Logger;

/**
 * Structured log on standard error, one JSON object a line, so that standard output stays for people and data.
 * @param played the time of a day that is played, which every line has as `played` beside the real `time`
 */
export function makeLog(level: string, played?: Pick<Clock, 'now'>): Log {
  const mixin = played && { mixin: () => ({ played: new Date(played.now()).toISOString() }) };
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, ...mixin },
    pino.destination({ fd: 2, sync: true }),
  );
}
