import { useEffect, useState } from 'preact/hooks';
import type { SatelliteEntry, SettingsSaved, TrackingWish } from '../../../daemon/api/wire.ts';
import { texts } from '../texts.ts';
import { useChange } from './use-change.tsx';

const words = texts.satellites;

/** Whether and how the passes of a satellite are followed. */
export function TrackingForm({ satellite }: { satellite: SatelliteEntry }) {
  const { name, norad, tracked } = satellite;
  const { send, busy, shown } = useChange();
  const [follow, setFollow] = useState(tracked !== null);
  const [priority, setPriority] = useState('');
  const [least, setLeast] = useState('');
  const [record, setRecord] = useState(false);
  const stands = JSON.stringify(tracked);
  // The station has it otherwise now: that counts.
  useEffect(asItStands, [stands]);

  function asItStands(): void {
    setFollow(tracked !== null);
    setPriority(String(tracked?.priority ?? 0));
    setLeast(String(tracked?.min_elevation_deg ?? ''));
    setRecord(tracked?.record ?? false);
  }

  async function apply(): Promise<void> {
    const wish: TrackingWish = follow
      ? {
          tracked: true,
          priority: Number(priority) === 0 ? null : Number(priority),
          min_elevation_deg: least.trim() === '' ? null : Number(least),
          record: record || null,
        }
      : { tracked: false };
    const path = `satellites/${encodeURIComponent(norad ?? name)}/tracking`;
    const saved = await send<SettingsSaved>('PUT', path, wish, ({ restarts }) =>
      restarts ? words.restarting : words.applied,
    );
    if (saved === null) asItStands();
  }

  return (
    <form
      class="tracking-form"
      onSubmit={(event) => {
        event.preventDefault();
        void apply();
      }}
    >
      <h3>{words.following}</h3>
      <label class="check">
        <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />{' '}
        {words.follow}
      </label>
      {follow && (
        <div class="fields">
          <label>
            <span>{words.priority}</span>
            <input
              type="number"
              min={-1000}
              max={1000}
              step="any"
              value={priority}
              onInput={(event) => setPriority(event.currentTarget.value)}
            />
            <small>{words.priorityHint}</small>
          </label>
          <label>
            <span>{words.minElevation}</span>
            <input
              type="number"
              min={-10}
              max={89}
              step="any"
              value={least}
              onInput={(event) => setLeast(event.currentTarget.value)}
            />
            <small>{words.minElevationHint}</small>
          </label>
        </div>
      )}
      {follow && (
        <label class="check">
          <input type="checkbox" checked={record} onChange={(event) => setRecord(event.currentTarget.checked)} />{' '}
          {words.record}
        </label>
      )}
      <button type="submit" disabled={busy}>
        {words.apply}
      </button>
      {shown}
    </form>
  );
}
