import { StationError } from '../../core/error.ts';
import { type HamlibDeps, type HamlibOptions, hamlibClient, labelled } from '../hamlib/hamlib-client.ts';
import type { Rig } from './rig.ts';

export type RigctldSettings = Omit<HamlibOptions, 'program'>;

/**
 * A transceiver or receiver behind hamlib's rigctld, over TCP; rigctld without its `--vfo`, with which every command has
 * another form. Connecting, time-outs and what a server does wrong are as described at `hamlibClient`, with codes RIG_….
 */
export function rigctldRig(settings: RigctldSettings, deps: HamlibDeps): Rig {
  const client = hamlibClient({ ...settings, program: 'rigctld' }, deps);

  async function set(command: string, frequencyHz: number): Promise<void> {
    // rigctld takes "nan" and negative frequencies with RPRT 0.
    if (!(frequencyHz >= 1 && frequencyHz <= 1e12))
      throw new RangeError(`frequency ${frequencyHz} Hz: 1 to 1e12 expected`);
    await client.request(`${command} ${Math.round(frequencyHz)}`);
  }

  async function get(command: string, label: string): Promise<number> {
    const frequencyHz = labelled(await client.request(command), label);
    if (frequencyHz === null) throw new StationError('RIG_NONSENSE', `${client.where} told no frequency`);
    return frequencyHz;
  }

  return {
    setDownlink: (frequencyHz) => set('\\set_freq', frequencyHz),
    downlink: () => get('\\get_freq', 'Frequency'),
    async startSplit() {
      await client.request('\\set_split_vfo 1 VFOB');
    },
    setUplink: (frequencyHz) => set('\\set_split_freq', frequencyHz),
    uplink: () => get('\\get_split_freq', 'TX Frequency'),
    close: () => client.close(),
  };
}
