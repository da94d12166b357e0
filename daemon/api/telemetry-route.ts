import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { ApiError } from './error.ts';
import type { FrameSource } from './frame-source.ts';
import type { StoredFrame, TelemetryReport } from './wire.ts';

const orNull = (type: Type.TSchema) => Type.Union([type, Type.Null()]);
const closed = { additionalProperties: false } as const;
const frameParams = Type.Object({ seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }, closed);

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
    ({ params: { seq } }) => {
      const frame = frames.frames({ since: seq - 1, limit: 1 })[0];
      if (frame?.seq !== seq) throw new ApiError('NOT_FOUND', `there is no frame ${seq}`);
      return telemetry(frame);
    },
  );
}
