import Type from 'typebox';

/** What several parts of the layout of config/station.yaml are made of. */
export const closed = { additionalProperties: false } as const;
export const hertz = (description: string) => Type.Number({ minimum: 0, maximum: 100e9, description });
export const port = Type.Integer({ minimum: 0, maximum: 65535, description: 'TCP port' });
export const word = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });
/** YAML reads a catalogue number as a number. */
export const satelliteWord = Type.Union([
  Type.String({ minLength: 1, maxLength: 200, description: "a satellite's name or catalogue number" }),
  Type.Integer({ minimum: 1, maximum: 999_999_999, description: 'catalogue number' }),
]);
export const oneOf = <const T extends readonly string[]>(words: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...words] });
export const identifier = Type.String({
  pattern: '^[a-z0-9][a-z0-9_-]{0,39}$',
  description: 'lower-case letters, digits, dashes',
});
