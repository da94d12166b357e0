/**
 * Rate-1/2 convolutional codes. Generators in the standard octal form, the newest bit as the most significant.
 * Source: CCSDS 131.0-B (171/133, second symbol inverted).
 */
export interface ConvolutionalCode {
  readonly constraintLength: number;
  readonly generators: readonly [number, number];
  /** Output inverted on the air. */
  readonly inverted: readonly [boolean, boolean];
}
