import type { CommandIo } from './command.ts';

/** A line on a terminal that shows how far a recording is; on anything else nothing is written. */
export interface Progress {
  show(text: string, fraction: number | null): void;
  /** Takes the line away, before something else is written. */
  clear(): void;
}

const redrawMs = 100;
const barWidth = 24;

export function terminalProgress(stderr: CommandIo['stderr'], now: () => number = () => performance.now()): Progress {
  if (!stderr.isTTY) return { show() {}, clear() {} };
  let drawn = false;
  let last = Number.NEGATIVE_INFINITY;
  return {
    show(text, fraction) {
      if (now() - last < redrawMs) return;
      last = now();
      const filled = Math.round(barWidth * Math.min(1, fraction ?? 0));
      const bar =
        fraction === null ? '' : `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${percent(fraction)} `;
      stderr.write(`\r\x1b[K${`${bar}${text}`.slice(0, (stderr.columns ?? 80) - 1)}`);
      drawn = true;
    },
    clear() {
      if (drawn) stderr.write('\r\x1b[K');
      drawn = false;
      last = Number.NEGATIVE_INFINITY;
    },
  };
}

function percent(fraction: number): string {
  return `${Math.floor(100 * Math.min(1, fraction))} %`.padStart(5);
}
