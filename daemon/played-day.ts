import { createServer } from 'node:net';
import { listenError } from './api/listen-error.ts';
import { StationError } from './core/error.ts';
import { findSatellite, loadCatalogue, ownSatellites, shippedSatellites } from './satellites/catalogue.ts';
import type { Settings } from './settings/settings.ts';

/**
 * Whether a day can be played with these settings, before anything of the day before is removed.
 * @throws StationError SETTINGS_INVALID with all that is in the way, PORT_IN_USE, PORT_UNAVAILABLE
 * @throws SatelliteNotFound for a tracked satellite that is not known
 */
export async function checkPlayedDay(settings: Settings): Promise<void> {
  const { track, api, kiss } = settings;
  checkPlayable(settings);
  const catalogue = loadCatalogue(shippedSatellites(), ownSatellites(settings.dataFolder));
  for (const { satellite } of track) findSatellite(catalogue, satellite);
  await checkFree('api.port', api.host, api.port);
  if (kiss !== null) await checkFree('kiss.port', kiss.host ?? api.host, kiss.port);
}

/** @throws StationError SETTINGS_INVALID with all that can't run under a clock that is not real */
export function checkPlayable({ file, sdrs, rotators, track }: Settings): void {
  const real = [
    ...sdrs.map(({ id, driver }) => ({ what: `sdr ${id}`, driver })),
    ...rotators.map(({ id, driver }) => ({ what: `rotator ${id}`, driver })),
  ].filter(({ driver }) => driver !== 'simulator');
  const fixed = sdrs.filter(({ receive }) => receive !== null).map(({ id }) => `sdr ${id}`);
  const problems = [
    ...(real.length === 0
      ? []
      : [
          `only simulators run at a time that is not now: give ${real.map(({ what, driver }) => `${what} (${driver})`).join(', ')} 'driver: simulator'`,
        ]),
    ...(fixed.length === 0 ? [] : [`there SDRs follow the plan: leave 'receive' of ${fixed.join(', ')} out`]),
    ...(track.length === 0 ? ["name the satellites to follow under 'track'"] : []),
  ];
  if (problems.length > 0)
    throw new StationError(
      'SETTINGS_INVALID',
      `${file} can't be played with --at: ${problems.join('; ')} (in a copy of the file, with --config)`,
    );
}

function checkFree(setting: string, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause) => reject(listenError(setting, host, port, cause)));
    server.listen(port, host, () => server.close(() => resolve()));
  });
}
