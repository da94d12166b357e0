import type { CollectorReport, WithheldCause } from '../../../daemon/api/wire.ts';

export interface WithheldPart {
  readonly cause: WithheldCause;
  readonly frames: number;
}

/** Why frames are kept from a collector, the most frequent cause first. */
export function withheldParts({ withheld_because }: Pick<CollectorReport, 'withheld_because'>): WithheldPart[] {
  return (Object.entries(withheld_because) as [WithheldCause, number][])
    .map(([cause, frames]) => ({ cause, frames }))
    .filter(({ frames }) => frames > 0)
    .sort((a, b) => b.frames - a.frames);
}
