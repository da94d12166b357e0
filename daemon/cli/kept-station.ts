import type { SettingsChange } from '../api/wire.ts';
import type { Restarter } from '../control/restarter.ts';
import type { Log } from '../core/log.ts';
import type { Station } from '../main.ts';
import type { Settings } from '../settings/settings.ts';

export interface KeptStation {
  /** Where the API answers now. */
  readonly url: string;
  readonly simulated: boolean;
  /** Rejects when neither new settings nor those before start any more. */
  readonly failed: Promise<never>;
  /** Waits for a start that goes on. */
  stop(): Promise<void>;
}

export interface KeptStationDeps {
  readonly log: Log;
  /** The settings of a file, with what the command line says. @throws ConfigError */
  readonly load: (file: string) => Settings;
  readonly start: (settings: Settings, restarter: Restarter) => Promise<Station>;
}

/** Runs a station that can be started anew with other settings, in the same process and on the same port. */
export async function keepStation(first: Settings, { log, load, start }: KeptStationDeps): Promise<KeptStation> {
  let change: SettingsChange | null = null;
  let work = Promise.resolve();
  let stopped = false;
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Looked at by who runs the station; until then it is nobody's.
  failed.catch(() => {});

  const restarter: Restarter = {
    lastChange: () => change,
    restart(file, undo) {
      work = work.then(() => restart(file, undo)).catch(fail);
    },
  };
  let running = first;
  let station = await start(first, restarter);

  /** A port that was any free one stays the same as long as nobody asks for another. */
  function withSamePort(settings: Settings): Settings {
    const port = settings.api.port === 0 ? Number(new URL(station.url).port) : settings.api.port;
    return { ...settings, api: { ...settings.api, port } };
  }

  function noteChange(outcome: SettingsChange['outcome'], reason: string | null): void {
    change = { at: new Date().toISOString(), outcome, reason };
  }

  async function restart(file: string, undo: () => Promise<void>): Promise<void> {
    if (stopped) return;
    log.info({ file }, 'the settings have changed: the station starts anew');
    await station.stop();
    try {
      const next = load(file);
      noteChange('applied', null);
      station = await start(withSamePort(next), restarter);
      running = next;
      log.info({ url: station.url }, 'the station runs with the changed settings');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error({ err: error }, 'the station does not start with the changed settings: those before are used again');
      noteChange('undone', reason);
      await undo();
      station = await start(withSamePort(running), restarter);
    }
  }

  return {
    get url() {
      return station.url;
    },
    get simulated() {
      return station.simulated;
    },
    failed,
    async stop() {
      stopped = true;
      await work;
      await station.stop();
    },
  };
}
