import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { afterSilence, systemClock, systemTimers } from '../core/clock.ts';
import { askSystem } from '../core/clock-watch.ts';
import { diskReason } from '../core/disk-reason.ts';
import { InputError } from '../inputs/input.ts';
import { type OpenOptions, openInput } from '../inputs/open-input.ts';
import type { SdrSettings, SdrSettingsOf } from '../settings/settings.ts';

/** The answer of one check. A warning does not keep the station from working. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly message: string;
}

const answerWithinMs = 3000;
const defaultRtlTcpPort = 1234;
const greetingBytes = 12;

/** Whether a receiver is there. Nothing is started or tuned. */
export async function probeSdr(sdr: SdrSettings): Promise<Finding> {
  const check = `sdr ${sdr.id}`;
  switch (sdr.driver) {
    case 'simulator':
      return { check, state: 'ok', message: 'simulated radio' };
    case 'file':
      return probeFile(check, sdr);
    case 'command':
      return probeProgram(check, sdr.command[0] ?? '');
    case 'rtl_tcp':
      if (sdr.supervise ?? sdr.host === undefined)
        return probeProgram(check, 'rtl_tcp', "Debian's package rtl-sdr has it");
      return probeRtlTcp(check, sdr.host ?? '127.0.0.1', sdr.port ?? defaultRtlTcpPort);
  }
}

async function probeFile(check: string, sdr: SdrSettingsOf<'file'>): Promise<Finding> {
  const options: OpenOptions = {
    ...(sdr.format === undefined ? {} : { format: sdr.format }),
    ...(sdr.sampleRate === undefined ? {} : { sampleRate: sdr.sampleRate }),
  };
  try {
    const input = await openInput(sdr.path, options);
    await input.close();
    if (input.kind === 'real') return { check, state: 'failed', message: `${sdr.path}: is audio; a radio gives IQ` };
    return { check, state: 'ok', message: `${sdr.path}: IQ at ${input.sampleRate} samples/s` };
  } catch (error) {
    if (error instanceof InputError) return { check, state: 'failed', message: error.message };
    throw error;
  }
}

function probeProgram(check: string, program: string, hint?: string): Finding {
  const folders = program.includes('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.map((folder) => (folder === '' ? program : join(folder, program))).find(isExecutable);
  if (found !== undefined) return { check, state: 'ok', message: `program ${found}` };
  return { check, state: 'failed', message: `program ${program} not found${hint ? `; ${hint}` : ''}` };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Source: rtl_tcp greets every client with `RTL0`, tuner type and gain count, and serves one at a time. */
function probeRtlTcp(check: string, host: string, port: number): Promise<Finding> {
  const at = `rtl_tcp at ${host}:${port}`;
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let greeting = Buffer.alloc(0);
    const finish = (state: Finding['state'], message: string) => {
      cancel();
      socket.destroy();
      resolve({ check, state, message });
    };
    const cancel = afterSilence({ clock: systemClock, timers: systemTimers }, answerWithinMs, () =>
      finish('failed', `${at} does not greet; does it serve somebody else?`),
    );
    socket.on('data', (data: Buffer) => {
      greeting = Buffer.concat([greeting, data]);
      if (greeting.length < greetingBytes) return;
      if (greeting.toString('latin1', 0, 4) === 'RTL0') finish('ok', `${at} answers`);
      else finish('failed', `what answers at ${host}:${port} is not rtl_tcp`);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => finish('failed', `${at} does not answer (${error.code})`));
    socket.on('close', () => finish('failed', `${at} closed the connection without a greeting`));
  });
}

/** Less free space than this keeps the ledger from growing through a night. */
const leastFreeBytes = 50e6;
const comfortableFreeBytes = 1e9;

/** Whether the data folder can be written, and how much room is left. Leaves nothing behind. */
export function probeDataFolder(folder: string): Finding {
  const check = 'data folder';
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const probe = join(existing, `.downlinkd-check-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(probe, 'probe', { flag: 'wx' });
    rmSync(probe);
  } catch (error) {
    // A full disk may have taken the name and not what is in it.
    if (existsSync(probe)) rmSync(probe);
    return { check, state: 'failed', message: `${existing} can't be written: ${diskReason(error)}` };
  }
  const { bavail, bsize } = statfsSync(existing);
  const made = existing === folder ? '' : ' (will be made)';
  return { check, ...judgeRoom(`${folder}${made}`, bavail * bsize) };
}

/** What is said of a folder that can be written, with so many bytes free on its disk. */
export function judgeRoom(folder: string, freeBytes: number): Omit<Finding, 'check'> {
  const free = `${(freeBytes / 1e9).toFixed(2)} GB`;
  if (freeBytes < leastFreeBytes)
    return {
      state: 'failed',
      message: `${folder} has no room: ${free} free, ${leastFreeBytes / 1e9} GB are needed at least; make room on its disk`,
    };
  if (freeBytes < comfortableFreeBytes)
    return { state: 'warning', message: `${folder} can be written, but only ${free} are free` };
  return { state: 'ok', message: `${folder} can be written, ${free} free` };
}

/** Years in which this program can be running; a machine without a clock starts in 1970 or at its image's build. */
const plausibleYears = { from: 2026, to: 2099 };

/** Whether the time can be trusted: frames are stamped with it. */
export async function probeClock(now: Date): Promise<Finding> {
  const check = 'clock';
  const time = `${now.toISOString().slice(0, 19)}Z`;
  const year = now.getUTCFullYear();
  if (year < plausibleYears.from || year > plausibleYears.to)
    return { check, state: 'failed', message: `${time} can't be right` };
  const { synchronised } = await askSystem();
  if (synchronised === null) return { check, state: 'ok', message: `${time}, whether it is synchronised is unknown` };
  if (synchronised) return { check, state: 'ok', message: `${time}, synchronised` };
  return { check, state: 'warning', message: `${time}, not synchronised: collectors get no frame until it is` };
}

/** Whether an address that the station listens on is free. In use, it may be by this very station. */
export function probePort(check: 'api' | 'kiss', host: string, port: number): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        resolve({
          check,
          state: 'warning',
          message: `port ${port} of ${host} is in use: if it is not this station that runs already, 'downlinkd run' fails`,
        });
      else resolve({ check, state: 'failed', message: `can't listen on ${host}:${port} (${error.code})` });
    });
    server.listen(port, host, () =>
      server.close(() => resolve({ check, state: 'ok', message: `${host}:${port} is free` })),
    );
  });
}
