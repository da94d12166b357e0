import { execFileSync } from 'node:child_process';

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
