import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { LogLevel, LogPage } from './wire.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const satisfies readonly LogLevel[];

const closed = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });
const query = Type.Object(
  {
    since: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'gives lines whose seq is higher; left out, all that are kept',
      }),
    ),
    level: Type.Optional(Type.Enum([...logLevels], { description: 'lines of this level and above' })),
  },
  closed,
);

export const logPage = Type.Object(
  {
    lines: Type.Array(
      Type.Object(
        {
          seq: count,
          time: Type.String(),
          level: Type.Enum([...logLevels]),
          message: Type.String(),
          fields: Type.Record(Type.String(), Type.Unknown()),
        },
        closed,
      ),
      { description: 'the last ones, up to 1000' },
    ),
    next: Type.Integer({ minimum: 0, description: '`since` of the lines behind these' }),
  },
  closed,
);

export function addLogRoute(
  app: FastifyInstance,
  page: (since: number, level: LogLevel) => LogPage,
  answers: (ok: object) => object,
): void {
  app.get<{ Querystring: { since?: number; level?: LogLevel } }>(
    '/api/log',
    { schema: { summary: 'The last lines of the log', querystring: query, response: answers(logPage) } },
    ({ query: { since = 0, level = 'trace' } }) => page(since, level),
  );
}
