import type { Problem } from './schema-problems.ts';

/** Configuration that can't be used. `problems` has one line for each thing that is wrong; the message is all of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'SETTINGS_INVALID';
  readonly problems: readonly string[];
  /** The same with their paths, where the file could be read. */
  readonly places: readonly Problem[];

  constructor(problems: readonly string[], options?: ErrorOptions & { readonly places?: readonly Problem[] }) {
    super(problems.join('\n'), options);
    this.problems = problems;
    this.places = options?.places ?? [];
  }
}
