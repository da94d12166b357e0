/** Configuration that can't be used. `problems` has one line for each thing that is wrong; the message is all of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'SETTINGS_INVALID';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options);
    this.problems = problems;
  }
}
