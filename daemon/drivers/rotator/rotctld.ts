import { StationError } from '../../core/error.ts';
import { type HamlibDeps, type HamlibOptions, hamlibClient, hamlibCode, labelled } from '../hamlib/hamlib-client.ts';
import { OUT_OF_RANGE, rprtMeaning } from '../hamlib/rprt.ts';
import type { Rotator, RotatorLimits } from './rotator.ts';

export type RotctldSettings = Omit<HamlibOptions, 'program'>;

/**
 * A rotator behind hamlib's rotctld, over TCP. It connects with the first request and again, after a back-off, when the
 * connection was lost. What a server does wrong rejects the one request, as described at `hamlibClient`; an answer that ends as
 * it should but without a position in it is ROTATOR_NONSENSE, and the connection stays.
 */
export function rotctldRotator(settings: RotctldSettings, deps: HamlibDeps): Rotator {
  const client = hamlibClient({ ...settings, program: 'rotctld' }, deps);
  return {
    kind: 'rotctld',
    async moveTo({ azimuthDeg, elevationDeg }) {
      // rotctld takes "nan" with RPRT 0, and who knows where the rotator goes then.
      if (!(Number.isFinite(azimuthDeg) && Number.isFinite(elevationDeg)))
        throw new RangeError(`azimuth ${azimuthDeg}, elevation ${elevationDeg}: two numbers expected`);
      const place = `${azimuthDeg.toFixed(3)} ${elevationDeg.toFixed(3)}`;
      const { rprt } = await client.ask(`\\set_pos ${place}`);
      if (rprt === 0) return;
      const beyond = OUT_OF_RANGE.has(rprt);
      throw new StationError(
        beyond ? 'ROTATOR_OUT_OF_LIMITS' : 'ROTATOR_REFUSED',
        `${client.where} refused to go to ${place}: ${beyond ? `outside of its limits (RPRT ${rprt})` : rprtMeaning(rprt)}`,
      );
    },
    async position() {
      const lines = await client.request('\\get_pos');
      const azimuthDeg = labelled(lines, 'Azimuth');
      const elevationDeg = labelled(lines, 'Elevation');
      if (azimuthDeg === null || elevationDeg === null)
        throw new StationError(hamlibCode('rotctld', 'NONSENSE'), `${client.where} told no position`);
      return { azimuthDeg, elevationDeg };
    },
    async stop() {
      await client.request('\\stop');
    },
    async limits() {
      const lines = await client.request('\\dump_state');
      return (
        limitsIn(lines, ['Minimum Azimuth', 'Maximum Azimuth', 'Minimum Elevation', 'Maximum Elevation']) ??
        limitsIn(lines, ['min_az', 'max_az', 'min_el', 'max_el'])
      );
    },
    close: () => client.close(),
  };
}

function limitsIn(lines: readonly string[], labels: readonly [string, string, string, string]): RotatorLimits | null {
  const [a, b, c, d] = labels.map((label) => labelled(lines, label));
  if (a == null || b == null || c == null || d == null || !(a < b && c < d)) return null;
  return { azimuthRangeDeg: [a, b], elevationRangeDeg: [c, d] };
}
