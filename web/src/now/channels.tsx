import type { ChannelStatus, StatusReport } from '../../../daemon/api/wire.ts';
import { fixed, megahertz, offset } from '../format.ts';
import { Time } from '../parts/time.tsx';
import { texts } from '../texts.ts';

const words = texts.now;

/** What the station listens to, what came of it, and in plain words why nothing is heard. */
export function Channels({ status }: { readonly status: StatusReport }) {
  const channels = status.sdrs.flatMap((sdr) => sdr.channels.map((channel) => ({ sdr, channel })));
  return (
    <section class="panel" aria-labelledby="channels-title">
      <h2 id="channels-title">{words.listening}</h2>
      {channels.length === 0 && <p>{words.noChannels}</p>}
      {channels.map(({ sdr, channel }) => (
        <article key={`${sdr.id} ${channel.satellite} ${channel.transmitter}`} class="channel">
          <h3>
            {channel.satellite} <span class="quiet">{channel.transmitter}</span>
          </h3>
          <p class="quiet">
            {megahertz(channel.frequency_hz)} · {words.on(sdr.id)}
          </p>
          <Hearing channel={channel} />
          <p>
            {words.framesOf(channel.frames)}
            {channel.last_frame !== null && (
              <>
                {words.lastAt} <Time iso={channel.last_frame.time} /> · {fixed(channel.last_frame.snr_db, 1)} dB ·{' '}
                {words.offset} {offset(channel.last_frame.offset_hz)}
              </>
            )}
          </p>
        </article>
      ))}
    </section>
  );
}

function Hearing({ channel }: { readonly channel: ChannelStatus }) {
  const { hearing } = channel;
  return hearing ? <p class="hearing">{hearing.text}</p> : null;
}
