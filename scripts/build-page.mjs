// Builds web/ with Vite into web/dist, and compresses what is there, so that the daemon only hands it out. Run by npm's `prepare`;
// skips the work when the page was built from the same sources.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const script = fileURLToPath(import.meta.url);
const root = join(dirname(script), '..');
const web = join(root, 'web');
const dist = join(web, 'dist');
const stamp = join(dist, 'sources.txt');
/** What compression makes smaller. */
const compressed = ['.js', '.css', '.html', '.svg', '.json'];

const digest = sourceDigest();
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) {
  console.log('page: up to date');
} else {
  await build();
}

async function build() {
  const vite = await loadVite();
  if (vite === null) {
    const built = existsSync(stamp);
    console.error(
      `page: vite is not installed; ${built ? 'the page built earlier is used' : 'there is no page: run npm ci'}`,
    );
    process.exitCode = built ? 0 : 1;
    return;
  }
  await vite.build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn' });
  let bytes = 0;
  for (const file of filesBelow(dist)) {
    if (!compressed.includes(extname(file))) continue;
    const text = readFileSync(file);
    const small = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });
    writeFileSync(`${file}.br`, small);
    bytes += small.length;
  }
  writeFileSync(stamp, digest);
  console.log(`page: ${(bytes / 1000).toFixed(0)} kB compressed`);
}

async function loadVite() {
  try {
    return await import('vite');
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
}

function sourceDigest() {
  const hash = createHash('sha256');
  // The daemon's messages are types only: they leave nothing in what is built.
  const sources = [script, ...filesBelow(web)].filter((file) => !file.startsWith(dist));
  for (const file of [...sources, join(root, 'package-lock.json')].sort()) {
    // The packed package has no lock file, and a page that is built.
    if (existsSync(file)) hash.update(relative(root, file)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
