import type { VirtualClock } from '../../daemon/core/virtual-clock.ts';
import type { Rig } from '../../daemon/drivers/rig/rig.ts';
import type { Rotator } from '../../daemon/drivers/rotator/rotator.ts';

/** The station's time stands still while the server answers: what it says belongs to the moment of the question. */
export function heldRotator(rotator: Rotator, clock: VirtualClock): Rotator {
  return {
    kind: rotator.kind,
    moveTo: (position) => clock.hold(rotator.moveTo(position)),
    position: () => clock.hold(rotator.position()),
    stop: () => clock.hold(rotator.stop()),
    limits: () => clock.hold(rotator.limits()),
    close: () => rotator.close(),
  };
}

/** As `heldRotator`. */
export function heldRig(rig: Rig, clock: VirtualClock): Rig {
  return {
    setDownlink: (hz) => clock.hold(rig.setDownlink(hz)),
    setUplink: (hz) => clock.hold(rig.setUplink(hz)),
    startSplit: () => clock.hold(rig.startSplit()),
    downlink: () => clock.hold(rig.downlink()),
    uplink: () => clock.hold(rig.uplink()),
    close: () => rig.close(),
  };
}
