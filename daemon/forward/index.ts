import type { CollectorSettings, CollectorSettingsOf } from '../settings/settings.ts';
import type { Collector, CollectorContext } from './collector.ts';

type Kind = CollectorSettings['type'];
type Makers = {
  readonly [K in Kind]?: (settings: CollectorSettingsOf<K>, context: CollectorContext) => Promise<Collector>;
};

/** The protocols. Each is loaded only where it is used: most stations use one or two. */
const makers: Makers = {
  nats: async (settings, context) => (await import('./nats.ts')).natsCollector(settings, context),
  sids: async (settings, context) => (await import('./sids.ts')).sids(settings, context),
  'satnogs-network': async (settings, context) =>
    (await import('./satnogs-network.ts')).satnogsNetwork(settings, context),
  webhook: async (settings, context) => (await import('./webhook.ts')).webhook(settings, context),
  mqtt: async (settings, context) => (await import('./mqtt.ts')).mqttCollector(settings, context),
  udp: async (settings, context) => (await import('./udp.ts')).udpCollector(settings, context),
  file: async (settings, context) => (await import('./file.ts')).fileCollector(settings, context),
};

/** @throws StationError SETTINGS_INVALID for a secret file that can't be read */
export function makeCollector(settings: CollectorSettings, context: CollectorContext): Promise<Collector> {
  const make = makers[settings.type] as
    | ((settings: CollectorSettings, context: CollectorContext) => Promise<Collector>)
    | undefined;
  if (make === undefined) throw new RangeError(`no collector of the type ${settings.type}`);
  return make(settings, context);
}
