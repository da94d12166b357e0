import { type Logger, pino } from 'pino';

export type Log = Logger;

/** Structured log on standard error, one JSON object a line, so that standard output stays for people and data. */
export function makeLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
}
