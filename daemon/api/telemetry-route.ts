import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { FrameSource } from './frame-source.ts';
import { frameParams, oneFrame } from './one-frame.ts';
import type { StoredFrame, TelemetryReport } from './wire.ts';

const orNull = (type: Type.TSchema) => Type.Union([type, Type.Null()]);
const closed = { additionalProperties: false } as const;

export const telemetryReport = Type.Object(
  {
    definition: orNull(Type.String({ description: 'what the fields were read with' })),
    fields: Type.Array(
      Type.Object(
        {
          name: Type.String({ description: 'parts of a part with dots' }),
          value: Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
          unit: Type.Optional(Type.String()),
          offset: orNull(Type.Integer({ minimum: 0, description: 'first of the bytes that it was read from' })),
          length: orNull(Type.Integer({ minimum: 0 })),
        },
        closed,
      ),
    ),
    reason: orNull(Type.String({ description: 'why there are no fields, or no more of them' })),
  },
  closed,
);

export function addTelemetryRoute(
  app: FastifyInstance,
  frames: FrameSource,
  telemetry: (frame: StoredFrame) => TelemetryReport,
  answers: (ok: object) => object,
): void {
  app.get<{ Params: { seq: number } }>(
    '/api/frames/:seq/telemetry',
    { schema: { summary: 'What a frame says', params: frameParams, response: answers(telemetryReport) } },
    ({ params: { seq } }) => telemetry(oneFrame(frames, seq)),
  );
}
