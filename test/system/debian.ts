import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** Whether a Debian package is installed and configured. */
function isInstalled(name: string): boolean {
  try {
    const state = execFileSync('dpkg-query', ['--show', '--showformat=\u0024{db:Status-Status}', name], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return state === 'installed';
  } catch {
    return false;
  }
}

/** Words before apt-get that make it work here; null when nothing may be installed. */
function installPrefix(): readonly string[] | null {
  if (process.getuid?.() === 0) return [];
  return process.env['CI'] === 'true' ? ['sudo', '--non-interactive'] : null;
}

function apt(prefix: readonly string[], ...words: string[]): void {
  const [program, ...args] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...words];
  execFileSync(program!, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 540_000,
  });
}

/**
 * Sees to it that real Debian packages are here to test against. As root missing ones are installed,
 * in CI also through sudo.
 * @throws Error with the one line to run when it may not install them: a test against a peer never skips.
 */
export function needPackages(names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const line = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  const prefix = installPrefix();
  if (prefix === null) throw new Error(`these tests need Debian packages: run  sudo ${line}`);
  apt(prefix, 'update', '-qq');
  apt(prefix, 'install', '-y', '-qq', '--no-install-recommends', ...missing);
  const stillMissing = names.filter((name) => !isInstalled(name));
  if (stillMissing.length > 0) throw new Error(`apt-get did not install ${stillMissing.join(', ')}`);
}

/**
 * Packages of another release of Debian, unpacked into `folder` without being installed.
 * @returns a command that runs one of their programs, with the release's own libraries
 */
export function unpackPackages(
  folder: string,
  release: string,
  names: readonly string[],
): (program: string) => string[] {
  const sources = join(folder, 'sources.list');
  const signedBy = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(sources, `deb [signed-by=${signedBy}] http://deb.debian.org/debian ${release} main\n`);
  for (const name of ['lists/partial', 'cache/archives/partial', 'root'])
    mkdirSync(join(folder, name), { recursive: true });
  const options = [
    `Dir::Etc::SourceList=${sources}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${join(folder, 'lists')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    `APT::Sandbox::User=${userInfo().username}`,
  ].flatMap((option) => ['-o', option]);
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], timeout: 540_000 });
  run('apt-get', ...options, 'update', '-qq');
  run('apt-get', ...options, 'download', '-qq', ...names);
  const root = join(folder, 'root');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) run('dpkg', '-x', file, root);
  const loader = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((name) => /\/ld-linux[^/]*$/.test(name));
  if (loader === undefined) throw new Error(`${names.join(', ')} of ${release} hold no loader of programs`);
  // The loader lies beside the libraries; some releases link to it from elsewhere.
  const path = realpathSync(join(root, loader));
  return (program) => [path, '--library-path', dirname(path), join(root, 'usr/bin', program)];
}
