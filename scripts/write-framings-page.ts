/**
 * Writes docs/framings.md from the table of framings, the satellites' files and what decoding the recordings gave
 * (test/vectors/recordings.json, by `npm run bench:recordings -- --write test/vectors/recordings.json`).
 * Usage: node scripts/write-framings-page.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allSatellites, loadCatalogue, shippedSatellites } from '../daemon/satellites/catalogue.ts';
import { framings } from '../dsp/framing/index.ts';

const page = fileURLToPath(new URL('../docs/framings.md', import.meta.url));
const proofs = new URL('../test/vectors/recordings.json', import.meta.url);
/** Satellites that are named; of more, the first ones and how many there are. */
const mostNames = 5;

/** The page as it should be. */
export function framingsPage(): string {
  const users = new Map<string, Set<string>>();
  for (const { name, transmitters } of allSatellites(loadCatalogue(shippedSatellites())))
    for (const { mode } of transmitters)
      users.set(mode.framing.kind, (users.get(mode.framing.kind) ?? new Set()).add(name));
  const found = JSON.parse(readFileSync(proofs, 'utf8')) as Record<string, Record<string, number>>;
  const rows = Object.entries(framings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, { protection, source }]) => {
      const satellites = [...(users.get(kind) ?? [])].sort();
      const named = satellites.slice(0, mostNames).join(', ');
      const more = satellites.length > mostNames ? ` and ${satellites.length - mostNames} more` : '';
      const files = Object.entries(found)
        .filter(([, counts]) => kind in counts)
        .map(([file, counts]) => `${file.replace('.wav', '')} (${counts[kind]})`);
      return `| \`${kind}\` | ${protection} | ${source} | ${satellites.length === 0 ? '–' : named + more} | ${files.join(', ') || '–'} |`;
    });
  return `# Framings

How bits on the air become frames, by the name that \`--mode MODULATION:RATE:FRAMING\` and satellite files use. \`downlinkd satellites --framing NAME\` lists who
sends one. What a framing takes besides its name (\`frame_size\`, \`rs_basis\`, …) stands in [command-line.md](command-line.md); how to add one in
[add-a-framing.md](add-a-framing.md).

*Protection* is what tells a frame from noise and repairs it. *Recordings* are real downlinks that the decoder was proven with, and the distinct frames that came out
(\`npm run bench:recordings\`); every framing besides decodes bit streams of independent encoders (\`test/vectors/framings.json\`).

${rows.length} framings. This table is made by \`node scripts/write-framings-page.ts\`.

| Name | Protection | Source | Satellites | Recordings |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, framingsPage());
