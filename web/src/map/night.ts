import { around, subsolar } from './sun.ts';

/** Middle of the half of the Earth on which the Sun is down, [longitude, latitude] in degrees; its edge is 90° away. */
export function nightCentre(timeMs: number): [number, number] {
  const { latitudeDeg, longitudeDeg } = subsolar(timeMs);
  return [around(longitudeDeg + 180), -latitudeDeg];
}
