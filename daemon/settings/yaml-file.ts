import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';

/** Nobody writes a configuration this long; a file that large is something else. */
const maxBytes = 1_000_000;

/** The plain data of a YAML file. @throws ConfigError with one line for every syntax error */
export function readYamlFile(file: string, shownAs = file): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`${shownAs}: ${fileTrouble(error as NodeJS.ErrnoException)}`], { cause: error });
  }
  return parseYaml(text, shownAs);
}

/** The plain data of YAML text. @throws ConfigError */
export function parseYaml(text: string, shownAs: string): unknown {
  if (text.length > maxBytes)
    throw new ConfigError([`${shownAs}: larger than ${maxBytes} bytes, this is no configuration`]);
  const document = parseDocument(text, { prettyErrors: true, strict: true, stringKeys: true });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new ConfigError(
      faults.slice(0, 20).map((fault) => {
        const line = fault.linePos?.[0].line;
        return `${shownAs}${line === undefined ? '' : `:${line}`}: ${fault.message.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '')}`;
      }),
    );
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new ConfigError([`${shownAs}: ${(error as Error).message.split('\n', 1)[0]}`], { cause: error });
  }
}

function fileTrouble(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'no such file';
  if (error.code === 'EACCES') return 'not readable (permission denied)';
  if (error.code === 'EISDIR') return 'is a folder, not a file';
  return `not readable (${error.code ?? error.message})`;
}
