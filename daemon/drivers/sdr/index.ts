import type { SdrSettings } from '../../settings/settings.ts';
import { commandSource } from './command.ts';
import type { SourceDeps } from './deps.ts';
import { fileSource } from './file.ts';
import { rtlTcpSource } from './rtl-tcp.ts';
import { simulatorSource } from './simulator.ts';
import type { Source } from './source.ts';

export { type SourceDeps, type SourceEvent, systemDeps } from './deps.ts';

/** The source that one entry of `sdrs` describes. Nothing is opened before `tune` or `buffers`. */
export function makeSource(settings: SdrSettings, deps: SourceDeps): Source {
  switch (settings.driver) {
    case 'rtl_tcp':
      return rtlTcpSource(settings, deps);
    case 'command':
      return commandSource(settings, deps);
    case 'file':
      return fileSource(settings, deps);
    case 'simulator':
      return simulatorSource(settings, deps);
  }
}
