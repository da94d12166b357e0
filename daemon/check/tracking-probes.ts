import { earliestPlausibleMs, systemClock, systemTimers } from '../core/clock.ts';
import { rigctldRig } from '../drivers/rig/rigctld.ts';
import type { RotatorLimits } from '../drivers/rotator/rotator.ts';
import { rotctldRotator } from '../drivers/rotator/rotctld.ts';
import { elementsAge, elementsAgeNote } from '../elements/elements-age.ts';
import { chosenElements, stationElementFiles } from '../elements/station-elements.ts';
import { type Catalogue, findSatellite, SatelliteNotFound } from '../satellites/catalogue.ts';
import type { RigSettings, RotatorSettings, Settings } from '../settings/settings.ts';
import { badLine } from '../tracking/elements.ts';
import { maskedHorizon } from '../tracking/horizon.ts';
import { completeMount, envelopeOf } from '../tracking/rotator-mount.ts';
import type { Finding } from './probes.ts';

const deps = { clock: systemClock, timers: systemTimers, random: Math.random };

/**
 * Whether a rotator answers, and can go where the settings say. Nothing is moved.
 * @param mask the station's horizon
 */
export async function probeRotator(
  settings: RotatorSettings,
  mask: Settings['station']['horizon'] | undefined,
): Promise<Finding> {
  const check = `rotator ${settings.id}`;
  try {
    const mount = completeMount(settings);
    envelopeOf(mask === undefined ? mount : { ...mount, horizon: maskedHorizon(mask) });
  } catch (error) {
    if (error instanceof RangeError) return { check, state: 'failed', message: error.message };
    throw error;
  }
  if (settings.driver === 'simulator') return { check, state: 'ok', message: 'simulated rotator' };
  const { host, port } = settings;
  const rotator = rotctldRotator({ host, port }, deps);
  try {
    const { azimuthDeg, elevationDeg } = await rotator.position();
    const limits = await rotator.limits();
    const wider = limits === null ? null : beyond(settings, limits);
    if (wider !== null) return { check, state: 'warning', message: wider };
    const where = `azimuth ${azimuthDeg.toFixed(1)}°, elevation ${elevationDeg.toFixed(1)}°`;
    return { check, state: 'ok', message: `rotctld at ${host}:${port}, ${where}` };
  } catch (error) {
    return { check, state: 'failed', message: error instanceof Error ? error.message : String(error) };
  } finally {
    rotator.close();
  }
}

function beyond(settings: RotatorSettings, limits: RotatorLimits): string | null {
  for (const axis of ['azimuth', 'elevation'] as const) {
    const [low, high] = settings[`${axis}RangeDeg`];
    const [least, most] = limits[`${axis}RangeDeg`];
    if (low < least || high > most)
      return `the settings let its ${axis} go from ${low} to ${high}, rotctld says ${least} to ${most}: what lies beyond is refused`;
  }
  return null;
}

export async function probeRig({ id, host, port }: RigSettings): Promise<Finding> {
  const check = `rig ${id}`;
  const rig = rigctldRig({ host, port }, deps);
  try {
    const hz = await rig.downlink();
    return { check, state: 'ok', message: `rigctld at ${host}:${port}, ${(hz / 1e6).toFixed(4)} MHz` };
  } catch (error) {
    return { check, state: 'failed', message: error instanceof Error ? error.message : String(error) };
  } finally {
    rig.close();
  }
}

/** What is there of orbital elements, without asking a server. */
export function checkElements(settings: Settings, catalogue: Catalogue, nowMs: number): Finding[] {
  if (settings.track.length === 0) return [];
  const findings: Finding[] = [];
  const servers = settings.elementSources.filter((source) => /^https?:/.test(source)).length;
  const files = stationElementFiles(settings).filter(({ kept, missing }) => !(kept && missing));
  for (const { file, parsed, trouble } of files) {
    const check = `elements ${file}`;
    const [first] = parsed.bad;
    if (trouble !== null) findings.push({ check, state: 'failed', message: trouble });
    else if (first) {
      const more = parsed.bad.length > 1 ? ` and ${parsed.bad.length - 1} more` : '';
      findings.push({ check, state: 'warning', message: `${badLine(first)}${more}` });
    }
  }
  if (nowMs < earliestPlausibleMs) {
    const message = "this computer's clock is not set: how old they are, and whether they can be used, is not known";
    return [...findings, { check: 'elements', state: 'warning', message }];
  }
  const current = chosenElements(files, nowMs);
  for (const { satellite: name } of settings.track) {
    const norad = numberOf(name, catalogue);
    if (norad === null) continue;
    const check = `elements of ${name}`;
    const elements = current.get(norad);
    if (elements === undefined) {
      const message =
        servers > 0 ? 'none yet; servers are asked when the station runs' : 'none: its passes are not predicted';
      findings.push({ check, state: 'warning', message });
      continue;
    }
    const note = elementsAgeNote(elements, nowMs);
    const days = Math.round(elementsAge(elements, nowMs).ageDays * 10) / 10;
    findings.push(
      note === null ? { check, state: 'ok', message: `${days} days old` } : { check, state: 'warning', message: note },
    );
  }
  return findings;
}

function numberOf(name: string, catalogue: Catalogue): number | null {
  try {
    const satellite = findSatellite(catalogue, name);
    return satellite.norad ?? satellite.temporaryId ?? null;
  } catch (error) {
    if (error instanceof SatelliteNotFound) return null;
    throw error;
  }
}
