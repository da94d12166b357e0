import type { RigReport, RotatorReport, SdrStatus } from '../api/wire.ts';
import type { InUse } from '../check/check-station.ts';
import type { Finding } from '../check/probes.ts';

export interface OwnState {
  readonly sdrs: () => readonly SdrStatus[];
  readonly rotators: () => readonly RotatorReport[];
  readonly rigs: () => readonly RigReport[];
  readonly url: () => string;
  /** Null: there is no KISS server. */
  readonly kissPort: () => number | null;
}

/** What a running station finds of what it uses itself: rtl_tcp serves one client, and its ports are taken, by it. */
export function inUseBy({ sdrs, rotators, rigs, url, kissPort }: OwnState): InUse {
  const here = 'this station uses it';
  return {
    sdr(id) {
      const own = sdrs().find((one) => one.id === id);
      if (own === undefined || own.state === 'closed' || own.state === 'ended') return null;
      return { check: `sdr ${id}`, ...told(own.state, own.reason, { failed: 'failed', waiting: 'warning' }, here) };
    },
    rotator(id) {
      const own = rotators().find((one) => one.id === id);
      // A fault is looked at from outside too: that tells more.
      if (own === undefined || own.reason !== null) return null;
      return { check: `rotator ${id}`, state: 'ok', message: `${own.state}, ${here}` };
    },
    rig(id) {
      const own = rigs().find((one) => one.id === id);
      if (own === undefined || own.reason !== null) return null;
      return { check: `rig ${id}`, state: 'ok', message: `${own.state}, ${here}` };
    },
    api: () => ({ check: 'api', state: 'ok', message: `${url()}, this station` }),
    kiss() {
      const port = kissPort();
      return port === null ? null : { check: 'kiss', state: 'ok', message: `port ${port}, this station` };
    },
  };
}

function told(
  state: string,
  reason: string | null,
  worse: Readonly<Record<string, Finding['state']>>,
  here: string,
): Omit<Finding, 'check'> {
  return { state: worse[state] ?? 'ok', message: reason === null ? `${state}, ${here}` : `${state}: ${reason}` };
}
