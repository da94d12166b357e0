import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import type { FrameSource } from './frame-source.ts';
import { frameParams, oneFrame } from './one-frame.ts';
import type { CollectorReport, FrameDelivery, StoredFrame } from './wire.ts';

/** What the API needs of the delivery to collectors. */
export interface CollectorSource {
  reports(): readonly CollectorReport[];
  /** What became of a frame at each of them. */
  deliveryOf(frame: StoredFrame): readonly FrameDelivery[];
}

const closed = { additionalProperties: false } as const;
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const text = Type.String();
const count = Type.Integer({ minimum: 0 });

export const collectorList = Type.Object(
  {
    collectors: Type.Array(
      Type.Object(
        {
          id: text,
          type: text,
          state: Type.Enum(['idle', 'delivering', 'waiting', 'held', 'stopped', 'disabled']),
          reason: orNull(Type.String({ description: 'why it waits' })),
          next_attempt: orNull(text),
          cursor: Type.Integer({ minimum: 0, description: 'everything up to this frame is settled' }),
          queued: orNull(count),
          accepted: count,
          refused: count,
          withheld: Type.Integer({ minimum: 0, description: 'not delivered by choice' }),
          withheld_because: Type.Object(
            { satellite: count, simulated: count, clock: count, weak: count },
            {
              ...closed,
              description: 'for their satellite, as simulated, for want of a known time, for weak evidence',
            },
          ),
          aside: Type.Array(Type.Object({ seq: count, attempts: count, reason: text }, closed)),
          last_accepted: orNull(text),
          last_refusals: Type.Array(Type.Object({ seq: count, reason: text, at: text }, closed)),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const frameDeliveries = Type.Object(
  {
    deliveries: Type.Array(
      Type.Object(
        {
          collector: text,
          state: Type.Enum(['queued', 'settled', 'refused', 'withheld', 'aside']),
          reason: orNull(text),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** How the delivery to collectors stands. @param collectors null where nothing is delivered */
export function addCollectorRoutes(
  app: FastifyInstance,
  frames: FrameSource,
  collectors: CollectorSource | null,
  answers: (ok: object) => object,
): void {
  app.get(
    '/api/collectors',
    { schema: { summary: 'Collectors that frames are delivered to', response: answers(collectorList) } },
    () => ({ collectors: collectors?.reports() ?? [] }),
  );
  app.get<{ Params: { seq: number } }>(
    '/api/frames/:seq/delivery',
    { schema: { summary: 'What became of a frame', params: frameParams, response: answers(frameDeliveries) } },
    ({ params: { seq } }) => ({ deliveries: collectors?.deliveryOf(oneFrame(frames, seq)) ?? [] }),
  );
}
