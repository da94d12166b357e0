/**
 * Which pass is received by which SDR, and when its rotator points at it. A pure function: the same question has the same answer.
 *
 * Passes are served one after the other: pinned ones, then by priority, then by maximum elevation. One that comes later joins a
 * capture that has room for its frequencies; else it gets what the earlier ones leave of its time, if that is worth it.
 */

/** A transmitter, as far as planning goes. */
export interface PlannedTransmitter {
  readonly id: string;
  readonly frequencyHz: number;
  /** Half of what it occupies, its Doppler shift counted in, Hz. */
  readonly halfWidthHz: number;
}

export interface PlannablePass {
  /** Stays the same when elements are renewed. */
  readonly key: string;
  readonly satellite: string;
  /** Higher goes first. */
  readonly priority: number;
  readonly aosMs: number;
  readonly losMs: number;
  readonly maxElevationDeg: number;
  readonly transmitters: readonly PlannedTransmitter[];
  readonly choice: 'pinned' | 'skipped' | null;
}

export interface PlannableSdr {
  readonly id: string;
  /** What it can tune to, Hz. */
  readonly tuningHz: readonly [number, number];
  /** Samples a second; `usableShare` of it is free of the filters' edges. */
  readonly sampleRate: number;
  /** The rotator that turns its antenna; null: its antenna sees the whole sky. */
  readonly rotator: string | null;
}

export interface PlannableRotator {
  readonly id: string;
  /** Longest way from the end of one pass to the start of another, ms. */
  readonly turnaroundMs: number;
}

export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One pass, or a part of it, on one SDR. */
export interface Assignment extends Interval {
  readonly pass: string;
  readonly sdr: string;
  readonly transmitters: readonly string[];
  /** Ends of the band that they occupy, Hz. */
  readonly bandHz: readonly [number, number];
  /** When the antenna follows this satellite; with an antenna that sees the whole sky, all the time. */
  readonly pointed: readonly Interval[];
  /** From AOS to LOS; false for a part: others left no more, or the pass was under way already. */
  readonly whole: boolean;
}

export interface Plan {
  readonly assignments: readonly Assignment[];
  /** Passes that are not received at all, and why. */
  readonly left: readonly { readonly pass: string; readonly reason: string }[];
}

export interface PlanQuestion {
  readonly passes: readonly PlannablePass[];
  readonly sdrs: readonly PlannableSdr[];
  readonly rotators: readonly PlannableRotator[];
  /** Nothing is planned before. */
  readonly nowMs: number;
  /** What is being received, with the centre it is tuned to: it stays as it is. */
  readonly running?: readonly (Assignment & { readonly centreHz: number })[];
}

/** Part of the sample rate that is free of the filters' edges. */
export const usableShare = 0.8;
/** A part of a pass shorter than this is not worth it. */
const leastPieceMs = 60_000;
/** An SDR is stopped and tuned anew in this time. */
export const retuneMs = 3000;

/** @throws RangeError for an SDR whose rotator is not there */
export function makePlan({ passes, sdrs, rotators, nowMs, running = [] }: PlanQuestion): Plan {
  for (const { id, rotator } of sdrs)
    if (rotator !== null && !rotators.some((one) => one.id === rotator))
      throw new RangeError(`${id}: there is no rotator '${rotator}'`);
  const turnaround = new Map(rotators.map(({ id, turnaroundMs }) => [id, turnaroundMs]));
  const assignments: Assignment[] = [...running];
  const fixedCentre = new Map(running.map((one) => [one as Assignment, one.centreHz]));
  const left: { pass: string; reason: string }[] = [];

  /** When the rotator of an SDR follows another satellite, with the ways there and back. */
  function rotatorBusy(rotator: string, pass: string): Interval[] {
    const wayMs = turnaround.get(rotator)!;
    return assignments
      .filter((one) => one.pass !== pass && sdrs.find(({ id }) => id === one.sdr)?.rotator === rotator)
      .flatMap(({ pointed }) => pointed)
      .map(({ fromMs, toMs }) => ({ fromMs: fromMs - wayMs, toMs: toMs + wayMs }));
  }

  /** The best that an SDR can do for these transmitters of a pass, longest piece first. */
  function offer(pass: PlannablePass, sdr: PlannableSdr, wanted: readonly PlannedTransmitter[]): Assignment[] {
    const chosen = fitting(wanted, sdr);
    if (chosen.length === 0) return [];
    const bandHz = bandOf(chosen);
    const whole: Interval = { fromMs: Math.max(nowMs, pass.aosMs), toMs: pass.losMs };
    // What runs of this pass already is not begun twice.
    const runs = running.filter(
      (one) => one.pass === pass.key && chosen.some(({ id }) => one.transmitters.includes(id)),
    );
    const captures = groups(assignments.filter((one) => one.sdr === sdr.id));
    const pieces = without([whole], runs).flatMap((piece) => apart(piece, captures, bandHz, sdr, fixedCentre));
    return pieces
      .filter((piece) => lengthOf(piece) >= Math.min(leastPieceMs, lengthOf(whole)) && lengthOf(piece) > 0)
      .map((piece) => {
        const pointed =
          sdr.rotator === null
            ? [piece]
            : without([piece], rotatorBusy(sdr.rotator, pass.key)).filter(
                (part) => lengthOf(part) >= Math.min(leastPieceMs, lengthOf(piece)),
              );
        const isWhole = piece.fromMs === pass.aosMs && piece.toMs === pass.losMs;
        const transmitters = chosen.map(({ id }) => id);
        return { pass: pass.key, sdr: sdr.id, transmitters, bandHz, ...piece, pointed, whole: isWhole };
      })
      .sort((a, b) => lengthOf(b) - lengthOf(a));
  }

  for (const pass of inOrder(passes)) {
    if (pass.losMs <= nowMs) continue;
    if (pass.choice === 'skipped') {
      left.push({ pass: pass.key, reason: 'skipped' });
      continue;
    }
    let wanted = pass.transmitters;
    let served = running.some((one) => one.pass === pass.key);
    while (wanted.length > 0) {
      const offers = sdrs
        .map((sdr) => offer(pass, sdr, wanted))
        .filter((pieces) => pieces.length > 0)
        .sort((a, b) => worth(b) - worth(a));
      const best = offers[0];
      if (best === undefined) break;
      assignments.push(...best);
      served = true;
      const done = new Set(best[0]!.transmitters);
      wanted = wanted.filter(({ id }) => !done.has(id));
    }
    if (!served) left.push({ pass: pass.key, reason: whyNot(pass, sdrs) });
  }
  return { assignments: assignments.sort((a, b) => a.fromMs - b.fromMs || compare(a.pass, b.pass)), left };
}

/** Assignments of one SDR that overlap in time, and so share one capture. */
export interface Capture extends Interval {
  readonly sdr: string;
  readonly bandHz: readonly [number, number];
  readonly members: readonly Assignment[];
}

/** The captures of a plan, in the order of time. */
export function capturesOf(plan: Plan): Capture[] {
  const sdrs = [...new Set(plan.assignments.map(({ sdr }) => sdr))];
  return sdrs
    .flatMap((sdr) => groups(plan.assignments.filter((one) => one.sdr === sdr)))
    .sort((a, b) => a.fromMs - b.fromMs || compare(a.sdr, b.sdr));
}

function inOrder(passes: readonly PlannablePass[]): PlannablePass[] {
  const pinned = ({ choice }: PlannablePass) => (choice === 'pinned' ? 1 : 0);
  return [...passes].sort(
    (a, b) =>
      pinned(b) - pinned(a) ||
      b.priority - a.priority ||
      b.maxElevationDeg - a.maxElevationDeg ||
      a.aosMs - b.aosMs ||
      compare(a.key, b.key),
  );
}

/** Seconds of transmitters, those without the antenna on them far less. */
function worth(pieces: readonly Assignment[]): number {
  return pieces.reduce((sum, piece) => {
    const pointed = piece.pointed.reduce((total, part) => total + lengthOf(part), 0);
    return sum + piece.transmitters.length * (pointed + 0.1 * (lengthOf(piece) - pointed));
  }, 0);
}

function whyNot(pass: PlannablePass, sdrs: readonly PlannableSdr[]): string {
  if (pass.transmitters.length === 0) return 'no transmitter that can be received';
  const reachable = sdrs.some((sdr) => fitting(pass.transmitters, sdr).length > 0);
  return reachable
    ? 'every SDR is busy with passes that go first'
    : 'no SDR that follows the plan reaches its frequencies';
}

/** Whether an SDR can tune to a transmitter and has the bandwidth for it. */
export function reaches(
  { tuningHz: [lowest, highest], sampleRate }: Pick<PlannableSdr, 'tuningHz' | 'sampleRate'>,
  { frequencyHz, halfWidthHz }: PlannedTransmitter,
): boolean {
  return frequencyHz >= lowest && frequencyHz <= highest && 2 * halfWidthHz <= usableShare * sampleRate;
}

/** Those that an SDR can have in one capture: as many as possible, the first ones first. */
function fitting(transmitters: readonly PlannedTransmitter[], sdr: PlannableSdr): PlannedTransmitter[] {
  const reachable = transmitters.filter((one) => reaches(sdr, one));
  let best: PlannedTransmitter[] = [];
  for (const anchor of reachable) {
    const low = anchor.frequencyHz - anchor.halfWidthHz;
    const group = reachable.filter(
      ({ frequencyHz, halfWidthHz }) =>
        frequencyHz - halfWidthHz >= low && frequencyHz + halfWidthHz <= low + usableShare * sdr.sampleRate,
    );
    if (group.length > best.length) best = group;
  }
  return best;
}

function bandOf(transmitters: readonly PlannedTransmitter[]): readonly [number, number] {
  return [
    Math.min(...transmitters.map(({ frequencyHz, halfWidthHz }) => frequencyHz - halfWidthHz)),
    Math.max(...transmitters.map(({ frequencyHz, halfWidthHz }) => frequencyHz + halfWidthHz)),
  ];
}

/** Whether a capture has room for another band. */
function fits(
  group: Capture,
  bandHz: readonly [number, number],
  sdr: PlannableSdr,
  fixedCentre: ReadonlyMap<Assignment, number>,
): boolean {
  const width = usableShare * sdr.sampleRate;
  const centre = group.members.map((one) => fixedCentre.get(one)).find((hz) => hz !== undefined);
  if (centre !== undefined) return bandHz[0] >= centre - width / 2 && bandHz[1] <= centre + width / 2;
  return Math.max(group.bandHz[1], bandHz[1]) - Math.min(group.bandHz[0], bandHz[0]) <= width;
}

/**
 * What of a piece can be received beside the captures that are there. It may join those that have room for it, but not captures
 * of which each has room for it and which don't have room for each other.
 */
function apart(
  piece: Interval,
  captures: readonly Capture[],
  bandHz: readonly [number, number],
  sdr: PlannableSdr,
  fixedCentre: ReadonlyMap<Assignment, number>,
): Interval[] {
  let joined: readonly [number, number] = bandHz;
  for (const capture of captures) {
    const around = { fromMs: capture.fromMs - retuneMs, toMs: capture.toMs + retuneMs };
    if (around.toMs <= piece.fromMs || around.fromMs >= piece.toMs) continue;
    const overlaps = capture.toMs > piece.fromMs && capture.fromMs < piece.toMs;
    if (fits(capture, overlaps ? joined : bandHz, sdr, fixedCentre)) {
      if (overlaps) joined = [Math.min(joined[0], capture.bandHz[0]), Math.max(joined[1], capture.bandHz[1])];
      continue;
    }
    return without([piece], [around]).flatMap((part) => apart(part, captures, bandHz, sdr, fixedCentre));
  }
  return [piece];
}

function groups(assignments: readonly Assignment[]): Capture[] {
  const found: { sdr: string; fromMs: number; toMs: number; bandHz: [number, number]; members: Assignment[] }[] = [];
  for (const one of [...assignments].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = found.at(-1);
    if (last && one.fromMs < last.toMs) {
      last.toMs = Math.max(last.toMs, one.toMs);
      last.bandHz = [Math.min(last.bandHz[0], one.bandHz[0]), Math.max(last.bandHz[1], one.bandHz[1])];
      last.members.push(one);
    } else found.push({ ...one, bandHz: [...one.bandHz], members: [one] });
  }
  return found.map(({ sdr, fromMs, toMs, bandHz, members }) => ({ sdr, fromMs, toMs, bandHz, members }));
}

/** What is left of intervals when others are cut out. */
export function without(intervals: readonly Interval[], cut: readonly Interval[]): Interval[] {
  let rest = [...intervals];
  for (const hole of cut) {
    rest = rest.flatMap(({ fromMs, toMs }) => {
      if (hole.toMs <= fromMs || hole.fromMs >= toMs) return [{ fromMs, toMs }];
      const before = { fromMs, toMs: hole.fromMs };
      const behind = { fromMs: hole.toMs, toMs };
      return [before, behind].filter((part) => lengthOf(part) > 0);
    });
  }
  return rest;
}

function lengthOf({ fromMs, toMs }: Interval): number {
  return toMs - fromMs;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
