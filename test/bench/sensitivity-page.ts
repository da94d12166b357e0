/** Puts the figures of a run into docs/sensitivity/README.md, between its two marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { falseFrames, missDb, type RowResult, type Run } from './sensitivity-report.ts';
import { formatPair } from './sensitivity-search.ts';

const BEGIN = '<!-- figures: npm run bench:sensitivity -- --plot test/vectors/sensitivity.json -->';
const END = '<!-- end of figures -->';

/** @throws Error when the page has no place for figures */
export function writeFigures(page: string, run: Run): void {
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${page} has no place for figures between '${BEGIN}' and '${END}'`);
  writeFileSync(page, `${text.slice(0, from)}${BEGIN}\n\n${figures(run)}\n${text.slice(to)}`);
}

function figures(run: Run): string {
  const { sent, falseFrames: wrong, repaired } = falseFrames(run.rows);
  const missed = run.rows.filter((row) => missDb(row) > 0);
  const commits = [...new Set(run.rows.map(({ commit }) => `\`${commit}\``))];
  const fewest = Math.min(...run.rows.flatMap(({ points }) => points.map((point) => point.sent)));
  const lines = [
    `${run.date}, commit ${commits.join(', ')}, \`${run.command}\`: at least ${fewest} bursts a point, seed ${run.seed}.`,
    ...(commits.length > 1
      ? ['Rows were measured with more than one commit: not all of them again after each change.']
      : []),
    '',
    '| Mode | downlinkd | gr-satellites | Limit | Goal (50 %) |',
    '|---|---|---|---|---|',
    ...run.rows.map(line),
    '',
    `${sent} frames were sent in this run; ${repaired} of those received had been repaired, and ${wrong} that were never sent came out.`,
    '',
    missed.length === 0
      ? 'Every row reaches its goal.'
      : `Rows that do not reach their goal: ${missed.map((row) => `${name(row)} (${shortfall(row)})`).join('; ')}.`,
    '',
  ];
  return lines.join('\n');
}

function line(row: RowResult): string {
  const peer = row.peerDb ? formatPair(row.peerDb, 1) : row.statedPeerDb ? `${formatPair(row.statedPeerDb, 1)} *` : '–';
  const goal = `${row.reachDb.toFixed(1)}${missDb(row) > 0 ? ' (not reached)' : ''}`;
  return `| ${name(row)} | ${formatPair(row.oursDb, 1)} | ${peer} | ${formatPair(row.limitDb, 1)} | ${goal} |`;
}

function name({ mode, note }: RowResult): string {
  return note ? `\`${mode}\`, ${note}` : `\`${mode}\``;
}

function shortfall(row: RowResult): string {
  const miss = missDb(row);
  return Number.isFinite(miss) ? `${miss.toFixed(2)} dB short` : 'half of the frames are never received';
}
