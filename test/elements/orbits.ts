import { tleChecksum } from '../../daemon/tracking/tle.ts';

/** An OMM record of a satellite on an orbit like that of GOMX-3. */
export function omm(norad: number, epoch: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    OBJECT_NAME: `SAT ${norad}`,
    NORAD_CAT_ID: norad,
    EPOCH: epoch,
    MEAN_MOTION: 15.2,
    ECCENTRICITY: 0.0012,
    INCLINATION: 51.64,
    RA_OF_ASC_NODE: 200.1,
    ARG_OF_PERICENTER: 10,
    MEAN_ANOMALY: 350,
    BSTAR: 0.0001,
    ...change,
  };
}

/** The example of https://en.wikipedia.org/wiki/Two-line_element_set with another epoch. */
export function tle(epoch = '26329.50000000'): { name: string; one: string; two: string } {
  const body = `1 25544U 98067A   ${epoch} -.00002182  00000-0 -11606-4 0  292`;
  return {
    name: 'ISS (ZARYA)',
    one: body + tleChecksum(`${body} `),
    two: '2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537',
  };
}
