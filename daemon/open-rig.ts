import type { RigReport } from './api/wire.ts';
import { type Clock, systemClock, systemTimers, type Timers } from './core/clock.ts';
import type { Log } from './core/log.ts';
import { rigControl } from './drivers/rig/rig-control.ts';
import { rigctldRig } from './drivers/rig/rigctld.ts';
import { curveOf } from './pass-curve.ts';
import type { RigSettings } from './settings/settings.ts';
import type { CaptureOrder } from './station/runner.ts';
import { dopplerAt } from './tracking/doppler-curve.ts';
import type { Place } from './tracking/wgs84.ts';

/** A transceiver or receiver that is kept on the frequencies of what an SDR receives. */
export interface StationRig {
  readonly sdr: string;
  report(): RigReport;
  follow(order: CaptureOrder): void;
  close(): void;
}

/** A rig of the settings, behind rigctld. It follows the first satellite of each capture, downlink and uplink. */
export function openRig(settings: RigSettings, place: Place, clock: Clock & Timers, stationLog: Log): StationRig {
  const { id, host, port, sdr } = settings;
  const log = stationLog.child({ rig: id });
  // Sockets live in real time.
  const rig = rigctldRig(
    { host, port },
    {
      clock: systemClock,
      timers: systemTimers,
      random: Math.random,
      log: ({ level, message }) => log[level](message),
    },
  );
  const control = rigControl(
    { intervalMs: 1000 * settings.updateIntervalS, stepHz: settings.stepHz },
    {
      clock,
      timers: clock,
      rig,
      changed: ({ state, reason }) => log[reason === null ? 'info' : 'warn']({ state, reason }, 'rig'),
    },
  );
  return {
    sdr,
    report: () => {
      const { state, reason, downlinkHz, uplinkHz } = control.status;
      return { id, sdr, state, reason, downlink_hz: downlinkHz, uplink_hz: uplinkHz };
    },
    follow(order) {
      const member = order.members[0];
      if (member === undefined) return;
      const { pass, wanted } = member;
      const curve = curveOf(pass.elements, place, order.fromMs, order.toMs);
      const shiftHz = (hz: number, timeMs: number) => (curve === null ? 0 : dopplerAt(curve, hz, timeMs));
      const uplink = settings.uplinks.find(
        ({ satellite }) => satellite === String(pass.norad) || satellite === pass.satellite,
      );
      void control.follow({
        fromMs: order.fromMs,
        toMs: order.toMs,
        downlinkHz: (timeMs) => wanted.frequencyHz + shiftHz(wanted.frequencyHz, timeMs),
        // The satellite hears it higher while it comes nearer: it is sent that much lower.
        ...(uplink === undefined
          ? {}
          : { uplinkHz: (timeMs: number) => uplink.uplinkHz - shiftHz(uplink.uplinkHz, timeMs) }),
      });
    },
    close() {
      control.close();
      rig.close();
    },
  };
}
