import { ApiError } from '../api/error.ts';
import type { SettingsSource } from '../api/settings-routes.ts';
import type { SettingsProposal } from '../api/wire.ts';
import { systemCode } from '../core/error.ts';
import { ConfigError } from '../settings/config-error.ts';
import { unifiedDiff } from '../settings/line-diff.ts';
import { readSchema } from '../settings/schema-file.ts';
import { maskedPair, maskYaml } from '../settings/secrets.ts';
import type { Settings } from '../settings/settings.ts';
import {
  FileChanged,
  type FileText,
  readSettingsText,
  savedTo,
  whyNotWritable,
  writeSettings,
} from '../settings/settings-file.ts';
import { parseYaml } from '../settings/yaml-file.ts';
import { lookAt } from './proposal.ts';
import type { Restarter } from './restarter.ts';

export interface SettingsControlDeps {
  /** That the station runs with. */
  readonly file: string;
  /** Where the token stands that changes need. */
  readonly operatorTokenFile: string;
  /** Null where nobody can start the station anew: then nothing is saved. */
  readonly restarter: Restarter | null;
  /** @throws SatelliteNotFound */
  readonly find: (nameOrNorad: string) => unknown;
  /** What a new start breaks off now. */
  readonly interrupts: (next: Settings) => readonly string[];
}

export interface SettingsControl extends SettingsSource {
  /** The file's data, with its secrets. @throws ApiError */
  data(): { readonly data: unknown; readonly hash: string };
  /**
   * Checks and writes; what follows is up to the caller.
   * @throws ApiError SETTINGS_INVALID, SETTINGS_CHANGED, SETTINGS_UNWRITABLE
   */
  write(proposal: SettingsProposal, hash: string): Promise<Written>;
}

export interface Written {
  readonly settings: Settings;
  readonly hash: string;
  /** Starts the station anew with them. */
  restart(): void;
}

const notRestarted = 'the settings of a station that plays a day, or is part of another program, are not changed';

/** Shows, checks and writes the settings file. */
export function makeSettingsControl(deps: SettingsControlDeps): SettingsControl {
  const { file, restarter, find, interrupts } = deps;
  const target = savedTo(file);

  function current(): FileText {
    try {
      return readSettingsText(file);
    } catch (error) {
      throw new ApiError('SETTINGS_UNWRITABLE', `${file} can't be read (${systemCode(error)})`);
    }
  }

  function plain(text: string): unknown {
    try {
      return parseYaml(text, file);
    } catch (error) {
      if (error instanceof ConfigError) return null;
      throw error;
    }
  }

  async function write(proposal: SettingsProposal, hash: string): Promise<Written> {
    const reason = restarter === null ? notRestarted : whyNotWritable(target);
    if (reason !== null) throw new ApiError('SETTINGS_UNWRITABLE', reason);
    const before = current();
    if (before.hash !== hash)
      throw new ApiError('SETTINGS_CHANGED', `${file} was changed meanwhile: look at it again, then save`);
    const { text, settings, problems } = lookAt(proposal, before.text, target, find);
    if (settings === null)
      throw new ApiError(
        'SETTINGS_INVALID',
        `nothing was saved: ${problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')}`,
        problems,
      );
    try {
      const undo = await writeSettings(file, hash, text);
      return { settings, hash: readSettingsText(target).hash, restart: () => restarter!.restart(target, undo) };
    } catch (error) {
      if (error instanceof FileChanged) throw new ApiError('SETTINGS_CHANGED', error.message);
      if (systemCode(error) === null) throw error;
      throw new ApiError('SETTINGS_UNWRITABLE', `nothing was saved: ${target} can't be written (${systemCode(error)})`);
    }
  }

  return {
    report() {
      const { text, hash } = current();
      const yaml = maskYaml(text);
      return {
        file,
        saved_to: target,
        operator_token_file: deps.operatorTokenFile,
        hash,
        yaml,
        settings: plain(yaml),
        schema: readSchema('station'),
        not_writable: restarter === null ? notRestarted : whyNotWritable(target),
        last_change: restarter?.lastChange() ?? null,
      };
    },
    check(proposal) {
      const { text: before } = current();
      const { text, settings, problems } = lookAt(proposal, before, target, find);
      const yaml = maskYaml(text);
      const [shownBefore, shownAfter] = maskedPair(before, text);
      return {
        problems,
        diff: unifiedDiff(shownBefore, shownAfter, target),
        yaml,
        settings: plain(yaml),
        interrupts: settings === null || text === before ? [] : interrupts(settings),
      };
    },
    async save(proposal, hash) {
      const written = await write(proposal, hash);
      return { answer: { hash: written.hash, restarts: true }, apply: () => written.restart() };
    },
    data() {
      const { text, hash } = current();
      const data = plain(text);
      if (data === null) throw new ApiError('SETTINGS_INVALID', `${file} is no YAML now: mend it first`);
      return { data, hash };
    },
    write,
  };
}
