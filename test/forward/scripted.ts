/** A collector that does what a test says, on a ledger in a temporary folder and a clock that runs when somebody waits. */

import type { StoredFrame } from '../../daemon/api/wire.ts';
import type { Clock, Timers } from '../../daemon/core/clock.ts';
import type { Collector, Outcome } from '../../daemon/forward/collector.ts';
import { type Delivery, type DeliveryDeps, makeDelivery } from '../../daemon/forward/delivery.ts';
import { type DeliveryStore, openDeliveryStore } from '../../daemon/forward/delivery-store.ts';
import { usualFalseAlarmsPerHour } from '../../daemon/forward/withholding.ts';
import { type Ledger, openLedger, type UnstoredFrame } from '../../daemon/store/ledger.ts';
import { sampleFrame } from '../store/sample-frame.ts';

export const accepted: Outcome = { kind: 'accepted' };
export const busy: Outcome = { kind: 'later', scope: 'collector', reason: 'busy' };
export const odd: Outcome = { kind: 'later', scope: 'frame', reason: 'internal error' };

/** Time passes only while it is waited for; `waits` tells for how long. */
export function patientClock(): Clock & Timers & { waits: number[] } {
  let nowMs = Date.UTC(2026, 0, 1);
  const waits: number[] = [];
  return {
    waits,
    now: () => nowMs,
    monotonic: () => nowMs,
    after(ms, then) {
      const timer = setImmediate(() => {
        waits.push(ms);
        nowMs += ms;
        then();
      });
      return () => clearImmediate(timer);
    },
  };
}

export interface Scripted {
  readonly ledger: Ledger;
  readonly store: DeliveryStore;
  readonly clock: ReturnType<typeof patientClock>;
  readonly delivery: Delivery;
  /** Batches as the collector saw them, by number. */
  readonly batches: number[][];
  /** Stores frames and tells delivery. */
  add(count: number, change?: Partial<UnstoredFrame>): void;
  /** Everything of the ledger is settled. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface Script {
  readonly batch?: number;
  readonly answer: (frames: readonly StoredFrame[]) => readonly Outcome[] | Promise<readonly Outcome[]>;
  readonly delivered?: Collector['delivered'];
  readonly connect?: () => void;
  readonly deps?: Partial<DeliveryDeps>;
}

export function scripted(folder: string, { batch = 10, answer, delivered, connect, deps }: Script): Scripted {
  const ledger = openLedger(folder, 'N0CALL');
  const store = openDeliveryStore(folder);
  const clock = patientClock();
  const batches: number[][] = [];
  const delivery = makeDelivery({
    id: 'one',
    async connect() {
      connect?.();
      return {
        batch,
        async deliver(frames) {
          batches.push(frames.map(({ seq }) => seq));
          return answer(frames);
        },
        ...(delivered !== undefined && { delivered }),
        async close() {},
      };
    },
    frames: ledger,
    store,
    rules: {
      satellites: null,
      except: new Set(),
      weakFrames: false,
      simulatedFrames: false,
      maxFalseAlarmsPerHour: usualFalseAlarmsPerHour,
    },
    start: 'beginning',
    held: () => false,
    clock,
    random: () => 1,
    log: { info() {}, warn() {} },
    ...deps,
  });
  delivery.start();
  return {
    ...{ ledger, store, clock, delivery, batches },
    add(count, change) {
      ledger.append(Array.from({ length: count }, () => sampleFrame(change)));
      delivery.wake();
    },
    async settled() {
      const until = Date.now() + 240_000;
      while (store.state('one').cursor < ledger.lastSeq()) {
        if (Date.now() > until) throw new Error(`stuck at ${store.state('one').cursor}: ${delivery.status().reason}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    async close() {
      await delivery.close();
      store.close();
      ledger.close();
    },
  };
}
