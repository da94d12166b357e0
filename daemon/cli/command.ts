/** What a command gets of the world. Tests hand in streams of their own. */
export interface CommandIo {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stdin: NodeJS.ReadableStream;
  /** Aborts on the first SIGINT or SIGTERM: the command then ends cleanly. */
  readonly signal: AbortSignal;
}

/** One file a command; each exports its command as `run`. */
export interface Command {
  readonly name: string;
  /** One line of the list of commands. */
  readonly summary: string;
  /** What `downlinkd NAME --help` prints: usage, options, examples. The dispatcher answers --help. */
  readonly help: string;
  /**
   * @param argv the words behind the command's name
   * @returns the exit code: 0 done, 1 bad input or a broken world, 2 usage
   * @throws UsageError, an error of node:util parseArgs (both: one line, exit 2) or any error with a string `code`
   *   such as StationError (one line, exit 1)
   */
  run(argv: string[], io: CommandIo): Promise<number>;
}

/** The command line makes no sense: one clear line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
