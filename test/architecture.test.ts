import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('/assembly'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const found: Import[] = [];
  for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^'"();]*?from\s*['"]([^'"]+)['"]/gm))
    found.push({ from: file, to: target(file, match[2]!), typeOnly: match[1] !== undefined });
  for (const match of text.matchAll(/^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm))
    found.push({ from: file, to: target(file, (match[1] ?? match[2])!), typeOnly: false });
  return found;
}

function target(file: string, specifier: string): string {
  return specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)) : specifier;
}

const dsp = sourcesBelow('dsp').flatMap(importsOf);
const daemon = sourcesBelow('daemon').flatMap(importsOf);
const say = (i: Import): string => `${i.from} → ${i.to}`;

describe('imports go one way', () => {
  test('the check sees the sources', () => {
    expect(dsp.length).toBeGreaterThan(20);
    expect(daemon.length).toBeGreaterThan(20);
    expect(dsp.some((i) => i.to === 'fft.js')).toBe(true);
  });

  test('dsp imports only itself and fft.js', () => {
    expect(dsp.filter((i) => !i.to.startsWith('dsp/') && i.to !== 'fft.js').map(say)).toEqual([]);
  });

  test('dsp reads no clock, random source, file or log', () => {
    const forbidden =
      /\b(Date\.now|new Date|performance\.now|Math\.random|process\.|console\.|setTimeout|setInterval)\b/;
    const guilty = sourcesBelow('dsp').filter((file) =>
      forbidden.test(readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')),
    );
    expect(guilty).toEqual([]);
  });

  test('daemon/tracking imports only itself and satellite.js, and reads no clock or random source', () => {
    const tracking = daemon.filter((i) => i.from.startsWith('daemon/tracking/'));
    expect(tracking.length).toBeGreaterThan(5);
    expect(tracking.filter((i) => !i.to.startsWith('daemon/tracking/') && i.to !== 'satellite.js').map(say)).toEqual(
      [],
    );
    const forbidden =
      /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|process\.|console\.|setTimeout|setInterval)/;
    const guilty = sourcesBelow('daemon/tracking').filter((file) =>
      forbidden.test(readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')),
    );
    expect(guilty).toEqual([]);
  });

  test('daemon/telemetry imports only itself, dsp, the public types and the runtime of Kaitai Struct', () => {
    const telemetry = daemon.filter((i) => i.from.startsWith('daemon/telemetry/'));
    expect(telemetry.length).toBeGreaterThan(5);
    const allowed = /^(daemon\/telemetry\/|dsp\/|daemon\/api\/wire\.ts$|kaitai-struct\/)/;
    expect(telemetry.filter((i) => !allowed.test(i.to)).map(say)).toEqual([]);
  });

  test('the parts of the daemon do not import each other sideways', () => {
    const parts = ['api', 'station', 'drivers', 'store', 'forward', 'receiver', 'tracking'];
    const partOf = (file: string): string | undefined => parts.find((part) => file.startsWith(`daemon/${part}/`));
    const sideways = daemon.filter((i) => {
      const a = partOf(i.from);
      const b = partOf(i.to);
      // wire.ts holds the public types, tracking is pure and below all: anybody may use them.
      return a && b && a !== b && !i.typeOnly && i.to !== 'daemon/api/wire.ts' && b !== 'tracking';
    });
    expect(sideways.map(say)).toEqual([]);
  });

  test('the page takes types of wire.ts and the messages of live-wire.ts, and nothing else of the daemon or of dsp', () => {
    const web = sourcesBelow('web/src').flatMap(importsOf);
    expect(web.length).toBeGreaterThan(10);
    const outward = web.filter((i) => /^(daemon|dsp|test|scripts)\//.test(i.to));
    expect(outward.some((i) => i.to === 'daemon/api/wire.ts')).toBe(true);
    const allowed = (i: Import) => i.to === 'daemon/api/live-wire.ts' || (i.to === 'daemon/api/wire.ts' && i.typeOnly);
    expect(outward.filter((i) => !allowed(i)).map(say)).toEqual([]);
    // What the page runs must run in a browser.
    expect(daemon.filter((i) => i.from === 'daemon/api/live-wire.ts').map(say)).toEqual([]);
  });

  test('only main.ts and the commands compose', () => {
    const inward = daemon.filter(
      (i) => i.to === 'daemon/main.ts' && !i.from.startsWith('daemon/cli/') && i.from !== 'daemon/main.ts',
    );
    expect(inward.map(say)).toEqual([]);
    const commands = daemon.filter((i) => i.to.startsWith('daemon/cli/') && !i.from.startsWith('daemon/cli/'));
    expect(commands.map(say)).toEqual([]);
  });
});
