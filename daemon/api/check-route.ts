import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { CheckReport } from './wire.ts';

const closed = { additionalProperties: false } as const;

export const checkReport = Type.Object(
  {
    findings: Type.Array(
      Type.Object(
        { check: Type.String(), state: Type.Enum(['ok', 'warning', 'failed']), message: Type.String() },
        closed,
      ),
    ),
  },
  closed,
);

/** Two who ask at once get the same answer: a check knocks at receivers and rotators. */
export function addCheckRoute(
  app: FastifyInstance,
  check: () => Promise<CheckReport>,
  answers: (ok: object) => object,
): void {
  let running: Promise<CheckReport> | null = null;
  app.get(
    '/api/check',
    { schema: { summary: 'Whether the station is fit for a pass', response: answers(checkReport) } },
    () => {
      running ??= check().finally(() => {
        running = null;
      });
      return running;
    },
  );
}
