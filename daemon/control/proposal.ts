import type { SettingsProblem, SettingsProposal } from '../api/wire.ts';
import { withoutSecrets } from '../core/log-ring.ts';
import { SatelliteNotFound } from '../satellites/catalogue.ts';
import { isRecord } from '../settings/align.ts';
import { ConfigError } from '../settings/config-error.ts';
import { editYaml } from '../settings/edit.ts';
import { problemText } from '../settings/schema-problems.ts';
import { mask, restoreData, restoreYaml, secretsIn } from '../settings/secrets.ts';
import { type Settings, surveyData } from '../settings/settings.ts';
import { parseYaml } from '../settings/yaml-file.ts';

/** Settings that somebody proposes, looked at. */
export interface LookedAt {
  /** What would be written, with the secrets of the file in the place of their masks. */
  readonly text: string;
  /** Null where there are problems. */
  readonly settings: Settings | null;
  readonly problems: readonly SettingsProblem[];
}

/**
 * @param before the file as it is
 * @param file where the settings would stand
 * @param find throws SatelliteNotFound
 */
export function lookAt(
  proposal: SettingsProposal,
  before: string,
  file: string,
  find: (nameOrNorad: string) => unknown,
): LookedAt {
  let text = 'yaml' in proposal ? restoreYaml(before, proposal.yaml) : before;
  let data: unknown;
  try {
    data = parseYaml(text, '');
    if (!('yaml' in proposal)) {
      data = restoreData(data, proposal.settings);
      text = editYaml(text, data);
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { text, settings: null, problems: error.problems.map((line) => ({ path: '', message: asLine(line) })) };
  }
  const { settings, found } = surveyData(data, file);
  const secrets = secretsIn(data);
  const problems = firstOfEach([
    ...found.map((problem) => ({ path: problem.path, message: withoutSecrets(problemText(problem), secrets) })),
    ...forgottenMasks(data, ''),
    ...unknownSatellites(data, find),
  ]);
  return { text, settings: problems.length > 0 ? null : settings, problems };
}

/** A value that does not fit is missing for the rest of the check: that is told once, as it is. */
function firstOfEach(problems: readonly SettingsProblem[]): SettingsProblem[] {
  return problems.filter(({ path }, i) => path === '' || problems.findIndex((one) => one.path === path) === i);
}

/** `:3: text` of a file without a name. */
function asLine(line: string): string {
  return line.replace(/^:(\d+): /, 'line $1: ').replace(/^: /, '');
}

/** A mask where no secret is known would be written as the secret. */
function forgottenMasks(value: unknown, path: string): SettingsProblem[] {
  if (typeof value === 'string')
    return value.includes(mask)
      ? [{ path, message: `${mask} stands for a secret, and none is known here: write it` }]
      : [];
  if (Array.isArray(value)) return value.flatMap((item, i) => forgottenMasks(item, `${path}[${i}]`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => forgottenMasks(item, path === '' ? key : `${path}.${key}`));
}

/** The station does not start with a satellite that nobody knows. */
function unknownSatellites(data: unknown, find: (nameOrNorad: string) => unknown): SettingsProblem[] {
  if (!isRecord(data)) return [];
  const at = (list: unknown, path: string): SettingsProblem[] =>
    !Array.isArray(list)
      ? []
      : list.flatMap((item: unknown, i) => {
          const place = `${path}[${i}]`;
          const [name, where] = isRecord(item) ? [item['satellite'], `${place}.satellite`] : [item, place];
          if (typeof name !== 'string' && typeof name !== 'number') return [];
          try {
            find(String(name));
            return [];
          } catch (error) {
            if (error instanceof SatelliteNotFound) return [{ path: where, message: error.message }];
            throw error;
          }
        });
  const inside = (key: string, ...lists: string[]): SettingsProblem[] => {
    const holders = data[key];
    if (!Array.isArray(holders)) return [];
    return holders.flatMap((holder: unknown, i) =>
      isRecord(holder) ? lists.flatMap((list) => at(holder[list], `${key}[${i}].${list}`)) : [],
    );
  };
  return [
    ...at(data['track'], 'track'),
    ...inside('sdrs', 'receive', 'signals'),
    ...inside('rigs', 'uplinks'),
    ...inside('collectors', 'satellites', 'except'),
  ];
}
