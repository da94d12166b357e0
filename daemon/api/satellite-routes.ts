import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { satelliteList } from './schemas.ts';
import { answerThenApply, type Change, settingsSaved } from './settings-routes.ts';
import type { ModesReport, SatelliteEntry, SettingsSaved, TrackingWish } from './wire.ts';

/** A satellite of the operator's own, or a transmitter of one that is known. */
export type SatelliteAddition =
  | { readonly satellite: unknown }
  | { readonly to: string; readonly transmitter: unknown };

export interface SatelliteAdded {
  readonly name: string;
  readonly restarts: boolean;
}

/** What the API needs to change which satellites are known and followed. */
export interface SatelliteChanges {
  /** @throws ApiError */
  track(nameOrNorad: string, wish: TrackingWish): Promise<Change<SettingsSaved>>;
  /** @throws ApiError */
  add(addition: SatelliteAddition): Promise<Change<SatelliteAdded>>;
  modes(): ModesReport;
}

const closed = { additionalProperties: false } as const;
const name = Type.String({ minLength: 1, maxLength: 200, description: 'name or catalogue number' });
const orNull = (range: { minimum: number; maximum: number }) =>
  Type.Optional(Type.Union([Type.Number(range), Type.Null()]));
const wish = Type.Object(
  {
    tracked: Type.Boolean(),
    priority: orNull({ minimum: -1000, maximum: 1000 }),
    min_elevation_deg: orNull({ minimum: -10, maximum: 89 }),
    record: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  },
  closed,
);
const addition = Type.Object(
  {
    satellite: Type.Optional(Type.Unknown({ description: 'as a file of config/satellites' })),
    to: Type.Optional(name),
    transmitter: Type.Optional(Type.Unknown({ description: 'as in transmitters of such a file' })),
  },
  { ...closed, oneOf: [{ required: ['satellite'] }, { required: ['to', 'transmitter'] }] },
);
const keys = Type.Array(Type.String());
export const modesAnswer = Type.Object(
  {
    schema: Type.Unknown({ description: 'JSON Schema of a transmitter' }),
    modulations: Type.Array(Type.Object({ kind: Type.String(), keys }, closed)),
    framings: Type.Array(Type.Object({ kind: Type.String(), keys }, closed)),
  },
  closed,
);
const added = Type.Object({ name: Type.String(), restarts: Type.Boolean() }, closed);

/** @param changes null where nothing can be changed */
export function addSatelliteRoutes(
  app: FastifyInstance,
  satellites: () => readonly SatelliteEntry[],
  changes: SatelliteChanges | null,
  answers: (ok: object) => object,
  onRequest: (request: FastifyRequest) => Promise<void>,
): void {
  app.get(
    '/api/satellites',
    { schema: { summary: 'Known satellites and their transmitters', response: answers(satelliteList) } },
    () => ({ satellites: satellites() }),
  );
  if (changes === null) return;
  app.get(
    '/api/modes',
    {
      schema: {
        summary: 'How a transmitter is written, and which keys each modulation and framing looks at',
        response: answers(modesAnswer),
      },
    },
    () => changes.modes(),
  );
  app.put<{ Params: { satellite: string }; Body: TrackingWish }>(
    '/api/satellites/:satellite/tracking',
    {
      onRequest,
      schema: {
        summary: 'Follows the passes of a satellite or does not; needs the operator token',
        params: Type.Object({ satellite: name }),
        body: wish,
        response: answers(settingsSaved),
      },
    },
    async ({ params, body }, reply) => answerThenApply(reply, await changes.track(params.satellite, body)),
  );
  app.post<{ Body: SatelliteAddition }>(
    '/api/satellites',
    {
      onRequest,
      schema: {
        summary: "Adds a satellite of one's own, or a transmitter to one; needs the operator token",
        body: addition,
        response: answers(added),
      },
    },
    async ({ body }, reply) => answerThenApply(reply, await changes.add(body)),
  );
}
