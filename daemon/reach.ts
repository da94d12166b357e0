import { usualSampleRate, usualTuningHz } from './planned-sdr.ts';
import type { Wanted } from './receiver/channel-plan.ts';
import type { SdrSettings } from './settings/settings.ts';
import { plannedTransmitter } from './station/pass-list.ts';
import { reaches } from './station/schedule.ts';

/** A tracked satellite and what can be decoded of it. */
export interface TrackedWish {
  readonly satellite: string;
  readonly wanted: readonly Wanted[];
}

export interface OutOfReach {
  /** Satellites of which no SDR that follows the plan reaches a frequency, and which these are. */
  readonly satellites: readonly { readonly satellite: string; readonly frequencies: string }[];
  /** SDRs that follow the plan and reach no satellite at all. */
  readonly sdrs: readonly string[];
}

/** What can't be received whenever it passes, by the tuning ranges and bandwidths of the SDRs that follow the plan. */
export function outOfReach(wishes: readonly TrackedWish[], sdrs: readonly SdrSettings[]): OutOfReach {
  const planned = sdrs
    .filter(({ receive }) => receive === null)
    .map(({ id, tuningHz = usualTuningHz, sampleRate = usualSampleRate }) => ({ id, tuningHz, sampleRate }));
  const decodable = wishes.filter(({ wanted }) => wanted.length > 0);
  const hears = (sdr: (typeof planned)[number], { wanted }: TrackedWish) =>
    wanted.some((one) => reaches(sdr, plannedTransmitter(one)));
  return {
    satellites: decodable
      .filter((wish) => !planned.some((sdr) => hears(sdr, wish)))
      .map(({ satellite, wanted }) => ({ satellite, frequencies: inMhz(wanted) })),
    sdrs: planned
      .filter((sdr) => decodable.length > 0 && !decodable.some((wish) => hears(sdr, wish)))
      .map(({ id }) => id),
  };
}

function inMhz(wanted: readonly Wanted[]): string {
  return [...new Set(wanted.map(({ frequencyHz }) => `${(frequencyHz / 1e6).toFixed(3)} MHz`))].join(', ');
}
