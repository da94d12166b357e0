import type { StoredFrame } from '../api/wire.ts';
import { StationError } from '../core/error.ts';
import { rounded } from '../core/rounded.ts';
import type { CollectorSettingsOf } from '../settings/settings.ts';
import type { Collector, CollectorContext, Outcome } from './collector.ts';
import { askServer, serverUrl } from './http.ts';
import { outcomeOf } from './http-outcome.ts';
import { readSecret } from './secret.ts';

const usualTimeoutS = 30;

/**
 * Statuses by which a server says that it won't have this very frame: SatNOGS DB answers 400 to an unknown satellite. Not 404:
 * that is a wrong address, and would cost every frame.
 */
const refusals = [400, 409, 413, 422];

/**
 * SiDS, the Simple Downlink Share Convention: one frame is one form, posted. It has no key by which a server could know a
 * frame again: one whose answer was lost is sent once more.
 * @throws StationError SETTINGS_INVALID without a source or a place, and for a token that can't be read
 */
export function sids(settings: CollectorSettingsOf<'sids'>, context: CollectorContext): Collector {
  const invalid = (why: string) => new StationError('SETTINGS_INVALID', `collector ${settings.id}: ${why}`);
  const address = serverUrl(settings.url, settings.id);
  const token = readSecret({ value: settings.token, file: settings.tokenFile }, settings.id, 'token');
  const source = settings.source ?? context.station.callsign;
  if (source === null) throw invalid('SiDS needs to know who received; set source there, or station.callsign');
  const { latitude, longitude } = context.station;
  if (latitude === null || longitude === null)
    throw invalid('SiDS needs the place of reception; set station.latitude and station.longitude');
  const station = {
    source,
    locator: 'longLat',
    longitude: degrees(longitude, 'E', 'W'),
    latitude: degrees(latitude, 'N', 'S'),
    version: context.software,
  };

  async function send(frame: StoredFrame, signal: AbortSignal): Promise<Outcome> {
    if (frame.norad === null) return refused('its satellite has no catalogue number, which SiDS needs');
    if (frame.time === null) return refused('the time of its reception is not known, which SiDS needs');
    const form = new URLSearchParams({
      noradID: String(frame.norad),
      timestamp: new Date(frame.time).toISOString(),
      frame: frame.frame.toUpperCase(),
      ...station,
    });
    const url = new URL(address);
    const inQuery = settings.parameters === 'query';
    if (inQuery) for (const [name, value] of form) url.searchParams.set(name, value);
    const answer = await askServer({
      method: 'POST',
      url,
      ...(!inQuery && { body: form }),
      ...(token !== null && { headers: { authorization: `Token ${token}` } }),
      timeoutMs: 1000 * (settings.timeoutS ?? usualTimeoutS),
      userAgent: context.software,
      signal,
    });
    return outcomeOf(answer, refusals, context.now());
  }

  return {
    batch: 1,
    async deliver(frames, signal) {
      return [await send(frames[0]!, signal)];
    },
    async close() {},
  };
}

function refused(reason: string): Outcome {
  return { kind: 'refused', reason };
}

/** `8.9E`: to five digits, a metre. */
function degrees(value: number, positive: string, negative: string): string {
  const degrees = rounded(value, 5);
  return `${Math.abs(degrees)}${degrees < 0 ? negative : positive}`;
}
