import { type Logger, pino } from 'pino';
import type { Clock } from './clock.ts';
import type { LogRing } from './log-ring.ts';

export type Log = Logger;

/**
 * Structured log on standard error, one JSON object a line, so that standard output stays for people and data.
 * @param played the time of a day that is played, which every line has as `played` beside the real `time`
 * @param ring gets every line that is written
 */
export function makeLog(level: string, played?: Pick<Clock, 'now'>, ring?: LogRing): Log {
  const mixin = played && { mixin: () => ({ played: new Date(played.now()).toISOString() }) };
  const standardError = pino.destination({ fd: 2, sync: true });
  const write = (line: string): void => {
    standardError.write(line);
    ring?.add(line);
  };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, ...mixin }, { write });
}
