import type {
  CollectorReport,
  ElementsReport,
  RotatorReport,
  SdrStatus,
  StatusReport,
} from '../../../daemon/api/wire.ts';
import { withheldParts } from '../parts/withheld.ts';
import { texts } from '../texts.ts';

export interface Condition {
  readonly what: keyof typeof texts.now.kinds;
  readonly name: string;
  readonly level: keyof typeof texts.now.levels;
  readonly text: string;
}

export interface HealthFacts {
  readonly status: StatusReport;
  readonly rotators: readonly RotatorReport[];
  readonly elements: ElementsReport | null;
  readonly collectors: readonly CollectorReport[];
}

const words = texts.now;
/** Elements of low orbits are good for about a week; behind two, a satellite is late by seconds to minutes. */
const [oldDays, veryOldDays] = [7, 14];

/** How the parts of the station are. A part keeps its place in the list, whatever happens to it. */
export function healthOf({ status, rotators, elements, collectors }: HealthFacts): Condition[] {
  return [
    ...status.sdrs.map(sdrCondition),
    ...rotators.map(rotatorCondition),
    clockCondition(status),
    ...(elements === null ? [] : elementsConditions(elements)),
    ...ledgerCondition(status),
    ...collectors.flatMap(collectorCondition),
  ];
}

function sdrCondition({ id, state, reason, dropped_samples, not_received }: SdrStatus): Condition {
  const level =
    state === 'failed'
      ? 'bad'
      : state === 'waiting' || (state === 'ended' && reason)
        ? 'warn'
        : state === 'streaming'
          ? 'good'
          : 'quiet';
  const parts = [
    state === 'streaming' && reason !== null ? null : words.sdrStates[state],
    reason,
    dropped_samples > 0 ? words.dropped(dropped_samples) : null,
    ...not_received.map((missing) => words.missing(missing.satellite, missing.reason)),
  ];
  return {
    what: 'sdr',
    name: id,
    level: level === 'good' && dropped_samples > 0 ? 'warn' : level,
    text: sentence(parts),
  };
}

function rotatorCondition({ id, state, reason }: RotatorReport): Condition {
  return {
    what: 'rotator',
    name: id,
    level: reason === null ? 'good' : 'bad',
    text: sentence([words.rotatorStates[state], reason]),
  };
}

function clockCondition({ clock }: StatusReport): Condition {
  const { synchronised, source } = clock;
  if (synchronised === null) return { what: 'clock', name: '', level: 'warn', text: words.clockUnknown };
  return synchronised
    ? { what: 'clock', name: '', level: 'good', text: words.clockGood(source) }
    : { what: 'clock', name: '', level: 'bad', text: words.clockBad };
}

function elementsConditions({ sources, satellites }: ElementsReport): Condition[] {
  const without = satellites.filter(({ age_days }) => age_days === null).map(({ name }) => name);
  const oldest = Math.max(...satellites.map(({ age_days }) => age_days ?? 0), 0);
  const level = oldest > veryOldDays ? 'bad' : oldest > oldDays || without.length > 0 ? 'warn' : 'good';
  const text = sentence([
    satellites.length > without.length ? words.elementsAge(oldest) : null,
    without.length > 0 ? words.withoutElements(without) : null,
  ]);
  const troubled = sources.filter(({ reason }) => reason !== null);
  return [
    { what: 'elements', name: '', level, text },
    ...troubled.map(
      ({ source, reason }): Condition => ({ what: 'source', name: source, level: 'warn', text: reason! }),
    ),
  ];
}

function ledgerCondition({ ledger }: StatusReport): Condition[] {
  const { error, waiting_frames, lost_frames } = ledger;
  if (error === null && lost_frames === 0) return [];
  const parts = [
    error,
    waiting_frames > 0 ? words.waitingFrames(waiting_frames) : null,
    lost_frames > 0 ? words.lostFrames(lost_frames) : null,
  ];
  return [{ what: 'ledger', name: '', level: 'bad', text: sentence(parts) }];
}

/** Only those with trouble, and those that never get a frame although nothing is wrong. */
function collectorCondition(collector: CollectorReport): Condition[] {
  const { id, state, reason, queued, aside, accepted, withheld } = collector;
  if (state === 'idle' || state === 'delivering' || state === 'disabled') {
    if (aside.length > 0)
      return [{ what: 'collector', name: id, level: 'warn', text: words.aside(aside.length, aside[0]!.reason) }];
    if (state === 'disabled' || accepted > 0 || withheld === 0) return [];
    const causes = withheldParts(collector).map(({ cause, frames }) => texts.withheld[cause](frames));
    return [{ what: 'collector', name: id, level: 'quiet', text: words.allWithheld(causes) }];
  }
  const parts = [words.collectorStates[state], reason, queued ? words.queued(queued) : null];
  return [{ what: 'collector', name: id, level: state === 'stopped' ? 'bad' : 'warn', text: sentence(parts) }];
}

function sentence(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join('; ') || '–';
}
