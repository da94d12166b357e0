import type { Place } from '../tracking/wgs84.ts';
import type { ByteSource } from './byte-source.ts';
import type { SampleInput, Segment } from './input.ts';
import { bytesOf, decodeValues, noValues, type SampleCodec } from './sample-codec.ts';

export interface StreamLayout {
  readonly kind: 'iq' | 'real';
  readonly codec: SampleCodec;
  /** Values stored for each sample; the first one (real) or two (IQ) are used. */
  readonly channels: number;
  readonly sampleRate: number;
  /** Bytes of samples that were promised; null when everything up to the end is samples. */
  readonly promisedBytes: number | null;
  /** Bytes that are really there; null when unknown. */
  readonly presentBytes: number | null;
  readonly segments: readonly Segment[];
  readonly place?: Place;
}

/** Bytes decoded at a time. */
const blockBytes = 1 << 18;

/** Samples of a source whose position is at the first of them. */
export function sampleStream(source: ByteSource, layout: StreamLayout): SampleInput {
  const { codec, channels, sampleRate, promisedBytes, presentBytes, segments } = layout;
  const kept = layout.kind === 'iq' ? 2 : 1;
  const frameBytes = bytesOf[codec.type] * channels;
  const blockFrames = Math.max(1, Math.floor(blockBytes / frameBytes));
  const bytes = new Uint8Array(blockFrames * frameBytes);
  const values = kept === channels ? null : new Float32Array(blockFrames * channels);
  const counts = noValues();
  const promised = promisedBytes === null ? null : Math.floor(promisedBytes / frameBytes);
  const present = presentBytes === null ? null : Math.floor(presentBytes / frameBytes);
  let position = 0;
  let truncated: string | null = null;

  function endedEarly(spareBytes: number): void {
    const seconds = (samples: number) => `${(samples / sampleRate).toFixed(3)} s`;
    if (promised !== null && position < promised)
      truncated = `${source.name}: truncated, ${seconds(position)} of ${seconds(promised)} are there`;
    else if (spareBytes > 0) truncated = `${source.name}: truncated, it ends in the middle of a sample`;
  }

  async function fill(buffer: Float32Array, at: number, wanted: number): Promise<number> {
    const got = await source.read(bytes.subarray(0, wanted * frameBytes));
    const frames = Math.floor(got / frameBytes);
    const out = buffer.subarray(at * kept, (at + frames) * kept);
    if (values === null) decodeValues(codec, bytes, frames * channels, out, counts);
    else {
      decodeValues(codec, bytes, frames * channels, values, counts);
      for (let i = 0; i < frames; i++) for (let c = 0; c < kept; c++) out[i * kept + c] = values[i * channels + c]!;
    }
    position += frames;
    if (frames < wanted) endedEarly(got - frames * frameBytes);
    return frames;
  }

  return {
    name: source.name,
    kind: layout.kind,
    sampleRate,
    startTime: segments[0]?.time ?? null,
    centreHz: segments[0]?.centreHz ?? null,
    totalSamples: promised === null ? present : present === null ? promised : Math.min(promised, present),
    segments,
    ...(layout.place === undefined ? {} : { place: layout.place }),
    async read(buffer) {
      const room = Math.floor(buffer.length / kept);
      const next = segments.find((segment) => segment.firstSample > position)?.firstSample ?? Number.POSITIVE_INFINITY;
      const want = Math.min(room, (promised ?? Number.POSITIVE_INFINITY) - position, next - position);
      let done = 0;
      while (done < want) {
        const wanted = Math.min(blockFrames, want - done);
        const got = await fill(buffer, done, wanted);
        done += got;
        if (got < wanted) break;
      }
      if (want === 0 && promisedBytes !== null && promisedBytes % frameBytes !== 0)
        endedEarly(promisedBytes % frameBytes);
      return done;
    },
    get condition() {
      return {
        truncated,
        samplesRead: position,
        valuesRead: counts.values,
        notANumber: counts.notANumber,
        clipped: counts.clipped,
        silent: counts.constant,
      };
    },
    close: () => source.close(),
  };
}
