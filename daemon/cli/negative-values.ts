/**
 * Joins `--offset-hz -1500` to `--offset-hz=-1500` for the named options: parseArgs takes a value that begins with a dash only
 * behind '='.
 */
export function joinNegative(argv: readonly string[], names: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of argv) {
    const last = joined.at(-1);
    if (last !== undefined && names.includes(last.replace(/^--/, '')) && last.startsWith('--') && /^-[\d.]/.test(word))
      joined[joined.length - 1] = `${last}=${word}`;
    else joined.push(word);
  }
  return joined;
}
