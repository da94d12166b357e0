import type { AxisPosition, CompleteMount, Envelope } from './rotator-mount.ts';

/** An axis is moved when it is wrong by this part of a step: more than half, lest it goes to and fro between two steps. */
export const STEP_ERROR = 0.6;

/**
 * The next command of a mount with a smallest step: whole steps from the last command on, each axis for itself, so that none is
 * wrong by more than 0.6 steps. Null while none is due. Only the edges of the envelope cut steps short.
 */
export function nextCommand(
  mount: CompleteMount,
  envelope: Envelope,
  wanted: AxisPosition,
  last: AxisPosition | null,
): AxisPosition | null {
  if (last === null) return envelope.clamp(wanted);
  const step = mount.minimumStepDeg;
  const command = envelope.clamp({
    azimuthDeg: stepped(wanted.azimuthDeg, last.azimuthDeg, step),
    elevationDeg: stepped(wanted.elevationDeg, last.elevationDeg, step),
  });
  const still = command.azimuthDeg === last.azimuthDeg && command.elevationDeg === last.elevationDeg;
  return still ? null : command;
}

function stepped(wanted: number, last: number, step: number): number {
  if (step === 0) return wanted;
  const steps = (wanted - last) / step;
  return Math.abs(steps) < STEP_ERROR ? last : last + step * Math.round(steps);
}
