import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addCheckRoute } from './check-route.ts';
import { addLogRoute } from './log-routes.ts';
import { checkToken } from './operator.ts';
import { addSatelliteRoutes, type SatelliteChanges } from './satellite-routes.ts';
import { addSettingsRoutes, type SettingsSource } from './settings-routes.ts';
import type { CheckReport, LogLevel, LogPage, SatelliteEntry } from './wire.ts';

/** What the API needs to show and to change how the station works. */
export interface ControlSource {
  /** What a client that changes the station must show. */
  readonly operatorToken: string;
  readonly settings: SettingsSource;
  readonly satellites: SatelliteChanges;
  log(since: number, level: LogLevel): LogPage;
  check(): Promise<CheckReport>;
}

/** @param control null where the station can't be changed */
export function addControlRoutes(
  app: FastifyInstance,
  satellites: () => readonly SatelliteEntry[],
  control: ControlSource | null,
  answers: (ok: object) => object,
): void {
  /** Before anything is read of the body: who may not change the station is told nothing else. */
  const onRequest = async (request: FastifyRequest): Promise<void> => checkToken(request, control!.operatorToken);

  addSatelliteRoutes(app, satellites, control?.satellites ?? null, answers, onRequest);
  if (control === null) return;
  addSettingsRoutes(app, control.settings, answers, onRequest);
  addLogRoute(app, (since, level) => control.log(since, level), answers);
  addCheckRoute(app, () => control.check(), answers);
}
