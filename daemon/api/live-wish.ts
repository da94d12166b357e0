import Type, { type Static } from 'typebox';
import { Errors } from 'typebox/value';
import { ApiError } from './error.ts';
import type { LiveWish } from './live-wire.ts';

const name = Type.String({ minLength: 1, maxLength: 200 });
const frequency = Type.Number({ minimum: 0, maximum: 1e12 });

export const liveWish = Type.Object(
  {
    waterfall: Type.Optional(
      Type.Object(
        {
          sdr: name,
          bins: Type.Integer({ minimum: 64, maximum: 4096 }),
          rowsPerS: Type.Number({ minimum: 0.2, maximum: 20 }),
          pastRows: Type.Optional(Type.Integer({ minimum: 1, maximum: 120 })),
          lowHz: Type.Optional(frequency),
          highHz: Type.Optional(frequency),
        },
        { additionalProperties: false },
      ),
    ),
    channel: Type.Optional(
      Type.Object({ sdr: name, satellite: name, transmitter: name }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);

/** @throws ApiError BAD_QUERY for what is no wish */
export function readLiveWish(text: string): LiveWish {
  let wish: unknown;
  try {
    wish = JSON.parse(text);
  } catch {
    throw new ApiError(
      'BAD_QUERY',
      'a wish is JSON: send {"waterfall": {"sdr", "bins", "rowsPerS"}} or {"channel": …}',
    );
  }
  const [problem] = Errors(liveWish, wish);
  if (problem !== undefined) {
    const where = problem.instancePath.slice(1).replaceAll('/', '.') || 'a wish';
    const known = problem.message !== 'schema is false';
    throw new ApiError('BAD_QUERY', `${where.slice(0, 100)} ${known ? problem.message : 'is no part of a wish'}`);
  }
  const { waterfall, channel } = wish as Static<typeof liveWish>;
  const { lowHz, highHz } = waterfall ?? {};
  if (lowHz !== undefined && highHz !== undefined && lowHz >= highHz)
    throw new ApiError('BAD_QUERY', 'waterfall.lowHz must be below waterfall.highHz');
  return { ...(waterfall && { waterfall }), ...(channel && { channel }) } as LiveWish;
}
