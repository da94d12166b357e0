import type { CollectorReport, FrameDelivery, StoredFrame } from './api/wire.ts';
import type { Clock, Timers } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { CollectorContext } from './forward/collector.ts';
import { type Delivery, makeDelivery } from './forward/delivery.ts';
import { type DeliveryStore, openDeliveryStore } from './forward/delivery-store.ts';
import { makeCollector } from './forward/index.ts';
import { type DeliveryRules, usualFalseAlarmsPerHour, whyWithheld } from './forward/withholding.ts';
import type { CollectorSettings, Settings } from './settings/settings.ts';
import type { Ledger } from './store/ledger.ts';

export interface Forwarding {
  /** Begins to deliver, and to keep the ledger within its limits. */
  start(): void;
  /** Frames are stored, or have other times now. */
  wake(): void;
  reports(): CollectorReport[];
  /** What became of a frame at each collector. */
  deliveryOf(frame: StoredFrame): FrameDelivery[];
  close(): Promise<void>;
}

export interface ForwardingDeps {
  readonly ledger: Ledger;
  readonly clock: Clock & Timers;
  readonly log: Log;
  readonly software: string;
  /** The name under which frames of a satellite are stored. */
  readonly satelliteName: (nameOrNorad: string) => string;
  /** True for a frame whose time will be corrected. */
  readonly held: (frame: StoredFrame) => boolean;
}

/** Disabled collectors keep their place in the queue, so they hold the ledger's frames too. */
interface Member {
  readonly settings: CollectorSettings;
  readonly rules: DeliveryRules;
  /** Null: disabled. */
  readonly delivery: Delivery | null;
}

const retentionIntervalMs = 600_000;
/** Frames dropped at a time: other work goes on in between. */
const dropAtOnce = 5000;
const refusalsShown = 20;

/** The half of the station that hands frames to others: settings → collectors, each behind its own cursor. */
export function openForwarding(settings: Settings, deps: ForwardingDeps): Forwarding {
  const { ledger, clock, log } = deps;
  const store = openDeliveryStore(settings.dataFolder);
  const members = settings.collectors.map((collector): Member => {
    const rules = rulesOf(collector, deps.satelliteName);
    // Also a disabled one has its place from now on.
    store.open(collector.id, ledger.ledgerId, collector.start === 'now' ? ledger.lastSeq() : 0);
    if (!collector.enabled) return { settings: collector, rules, delivery: null };
    const context = contextOf(settings, collector, deps);
    const delivery = makeDelivery({
      ...{ id: collector.id, store, rules, start: collector.start, clock, log, held: deps.held },
      frames: ledger,
      connect: () => makeCollector(collector, context),
      random: Math.random,
    });
    return { settings: collector, rules, delivery };
  });
  let cancel = () => {};

  /** Drops what is too old or too much, and what all collectors are done with. */
  function keepWithin(): void {
    cancel = clock.after(retentionIntervalMs, keepWithin);
    const upTo = store.settledUpTo(members.map(({ settings: { id } }) => id));
    try {
      const dropped = dropFrames(ledger, settings.retention, upTo, clock.now());
      if (dropped > 0)
        log.info({ frames: dropped }, 'frames dropped from the ledger, as the settings of retention say');
      // Much is left to drop: on soon, with everything else in between.
      if (dropped === dropAtOnce) {
        cancel();
        cancel = clock.after(100, keepWithin);
      }
    } catch (error) {
      log.error({ err: error }, 'frames could not be dropped from the ledger');
    }
  }

  return {
    start() {
      for (const { delivery } of members) delivery?.start();
      keepWithin();
    },
    wake() {
      for (const { delivery } of members) delivery?.wake();
    },
    reports: () => members.map((member) => reportOf(member, store)),
    deliveryOf: (frame) => members.map((member) => deliveryOf(frame, member, store)),
    async close() {
      cancel();
      await Promise.all(members.map(({ delivery }) => delivery?.close()));
      store.close();
    },
  };
}

/** @returns how many frames went, `dropAtOnce` at most */
export function dropFrames(
  ledger: Pick<Ledger, 'frames' | 'size' | 'drop' | 'lastSeq'>,
  { maxAgeDays, maxSizeBytes }: Settings['retention'],
  upTo: number,
  nowMs: number,
): number {
  const [oldest] = ledger.frames({ since: 0, limit: 1 });
  if (oldest === undefined || oldest.seq > upTo) return 0;
  let last = 0;
  if (maxSizeBytes !== null) {
    const bytes = ledger.size();
    const frames = ledger.lastSeq() - oldest.seq + 1;
    // Frames of one ledger are about alike; what is still too much then goes at the next time.
    if (bytes > maxSizeBytes) last = oldest.seq - 1 + Math.ceil(frames * (1 - maxSizeBytes / bytes));
  }
  if (maxAgeDays !== null) last = Math.max(last, lastOlderThan(ledger, nowMs - maxAgeDays * 86_400_000, oldest.seq));
  return last < oldest.seq ? 0 : ledger.drop(Math.min(last, upTo), dropAtOnce);
}

/** The number up to which frames were received before, in the order of the ledger; those of unknown time go with their neighbours. */
function lastOlderThan(ledger: Pick<Ledger, 'frames'>, beforeMs: number, first: number): number {
  const read = ledger.frames({ since: first - 1, limit: dropAtOnce });
  const young = read.findIndex(({ time }) => time !== null && Date.parse(time) >= beforeMs);
  const old = young < 0 ? read : read.slice(0, young);
  return old.at(-1)?.seq ?? 0;
}

function rulesOf(settings: CollectorSettings, satelliteName: ForwardingDeps['satelliteName']): DeliveryRules {
  return {
    satellites: settings.satellites === null ? null : new Set(settings.satellites.map(satelliteName)),
    except: new Set(settings.except.map(satelliteName)),
    weakFrames: settings.weakFrames ?? false,
    simulatedFrames: settings.simulatedFrames ?? false,
    maxFalseAlarmsPerHour: settings.maxFalseAlarmsPerHour ?? usualFalseAlarmsPerHour,
  };
}

function contextOf(
  settings: Settings,
  { id }: CollectorSettings,
  { ledger, software, clock, log }: ForwardingDeps,
): CollectorContext {
  return { id, ...collectorStation(settings), ledgerId: ledger.ledgerId, software, now: clock.now, log };
}

/** What collectors are told of the station. */
export function collectorStation({ station, dataFolder }: Settings): Pick<CollectorContext, 'station' | 'dataFolder'> {
  return {
    station: {
      callsign: station.callsign ?? null,
      name: station.name ?? null,
      latitude: station.latitude ?? null,
      longitude: station.longitude ?? null,
      altitudeM: station.altitudeM ?? null,
    },
    dataFolder,
  };
}

function reportOf({ settings: { id, type }, delivery }: Member, store: DeliveryStore): CollectorReport {
  const { cursor, accepted, refused, withheld, lastAcceptedAt } = store.state(id);
  const status = delivery?.status();
  const nextMs = status?.nextAttemptMs ?? null;
  return {
    ...{ id, type, cursor, accepted, refused, withheld },
    withheld_because: store.withheldBecause(id),
    state: status?.state ?? 'disabled',
    reason: status?.reason ?? null,
    next_attempt: nextMs === null ? null : new Date(nextMs).toISOString(),
    queued: status?.queued ?? null,
    aside: store.aside(id).map(({ seq, attempts, reason }) => ({ seq, attempts, reason })),
    last_accepted: lastAcceptedAt,
    last_refusals: store.refusals(id, refusalsShown),
  };
}

function deliveryOf(frame: StoredFrame, { settings: { id }, rules }: Member, store: DeliveryStore): FrameDelivery {
  const withheld = whyWithheld(frame, rules)?.reason ?? null;
  if (frame.seq > store.state(id).cursor) {
    const held = frame.clock === 'unsynchronised' ? 'its time is not known yet' : null;
    return { collector: id, state: withheld === null || held ? 'queued' : 'withheld', reason: held ?? withheld };
  }
  const aside = store.aside(id).find(({ seq }) => seq === frame.seq);
  if (aside !== undefined) return { collector: id, state: 'aside', reason: aside.reason };
  const refusal = store.refusalOf(id, frame.seq);
  if (refusal !== null) return { collector: id, state: 'refused', reason: refusal.reason };
  return { collector: id, state: withheld === null ? 'settled' : 'withheld', reason: withheld };
}
