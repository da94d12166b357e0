import Type from 'typebox';

const closed = { additionalProperties: false } as const;
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const offsetsReport = Type.Object(
  {
    offsets: Type.Array(
      Type.Object(
        {
          time: Type.String(),
          offset_hz: Type.Number({ description: 'measured minus predicted, Doppler shift taken out' }),
          frequency_hz: Type.Number({ description: 'where the transmitter was expected' }),
          sdr: orNull(Type.String()),
        },
        closed,
      ),
      { description: 'as many as are kept: 1000 of each part of the pass at most' },
    ),
    fitted: orNull(
      Type.Array(Type.Object({ time: Type.String(), offset_hz: Type.Number() }, closed), {
        description: 'the offsets by the fit, for the first transmitter; null without a fit or elements',
      }),
    ),
  },
  closed,
);
