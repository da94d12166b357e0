import { lstat, open, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { diskReason } from '../core/disk-reason.ts';
import { systemCode } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import { dataPath, metaPath, systemFiles } from './recording-files.ts';
import { recorder } from './sigmf-meta.ts';

/** A recording on the disk. */
export interface StoredRecording {
  /** Of its files, without ending. */
  readonly name: string;
  /** Of all its files. */
  readonly bytes: number;
  /** When it was written last, ms since 1970. */
  readonly changedMs: number;
  /** Kept whatever comes: the user said so, it is being written, or somebody else made it. */
  readonly kept: boolean;
}

export interface QuotaLimits {
  /** Most that all recordings may take. */
  readonly quotaBytes: number;
  /** Least that must stay free on their disk. */
  readonly minFreeBytes: number;
}

export interface QuotaDecision {
  /** Names, the oldest first. */
  readonly remove: readonly string[];
  /** Bytes over the limits that stay even so: a recording under way should end. 0 when all is well. */
  readonly overBytes: number;
}

/**
 * Which recordings to remove so that the limits hold: as few as possible, the oldest first, never one that is kept.
 * @param freeBytes on their disk now
 */
export function decideQuota(
  recordings: readonly StoredRecording[],
  freeBytes: number,
  { quotaBytes, minFreeBytes }: QuotaLimits,
): QuotaDecision {
  const total = recordings.reduce((sum, { bytes }) => sum + bytes, 0);
  let over = Math.max(total - quotaBytes, minFreeBytes - freeBytes, 0);
  const oldestFirst = recordings
    .filter(({ kept, bytes }) => !kept && bytes > 0)
    .toSorted((a, b) => a.changedMs - b.changedMs || (a.name < b.name ? -1 : 1));
  const remove: string[] = [];
  for (const { name, bytes } of oldestFirst) {
    if (over <= 0) break;
    remove.push(name);
    over -= bytes;
  }
  return { remove, overBytes: Math.max(0, over) };
}

export interface QuotaReport {
  readonly removed: readonly string[];
  /** What all recordings take now. */
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly overBytes: number;
  /** Why the limits don't hold; null when they do. */
  readonly reason: string | null;
}

/** Recordings of a folder; names that `writing` has are kept. Other files, and links, are not looked at. @throws the error of the system, but not for a folder that isn't there */
export async function listRecordings(folder: string, writing: ReadonlySet<string>): Promise<StoredRecording[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const present = new Set(files);
  const names = files.flatMap((file) => (file.endsWith('.sigmf-data') ? [file.slice(0, -'.sigmf-data'.length)] : []));
  const found: StoredRecording[] = [];
  for (const name of names) {
    const data = await lstat(dataPath(folder, name)).catch(() => null);
    const meta = await lstat(metaPath(folder, name)).catch(() => null);
    if (data === null || !data.isFile()) continue;
    const bytes = data.size + (meta?.size ?? 0);
    const kept = writing.has(name) || present.has(`${name}.keep`);
    found.push({ name, bytes, changedMs: data.mtimeMs, kept });
  }
  return found;
}

/** Keeps a recording whatever comes, or no more: by an empty file NAME.keep, which anybody can make. @throws the error of the system */
export async function keepRecording(folder: string, name: string, keep: boolean): Promise<void> {
  const mark = join(folder, `${name}.keep`);
  if (keep) await (await open(mark, 'a')).close();
  else await rm(mark, { force: true });
}

/**
 * Removes what the limits leave no room for. What downlinkd did not record is never removed. Never rejects.
 * @param writing names of recordings under way
 */
export async function enforceQuota(
  folder: string,
  limits: QuotaLimits,
  writing: ReadonlySet<string>,
  log: Pick<Log, 'info' | 'warn'>,
): Promise<QuotaReport> {
  const removed: string[] = [];
  try {
    let recordings = await listRecordings(folder, writing);
    for (;;) {
      const freeBytes = await freeIn(folder);
      const totalBytes = recordings.reduce((sum, { bytes }) => sum + bytes, 0);
      const { remove, overBytes } = decideQuota(recordings, freeBytes, limits);
      const [oldest] = remove;
      if (oldest === undefined) {
        const reason = overBytes === 0 ? null : reasonOf(totalBytes, freeBytes, limits);
        return { removed, totalBytes, freeBytes, overBytes, reason };
      }
      // Who made it is only asked of those that would go: that means reading their metadata.
      if (!(await isOurs(folder, oldest))) {
        recordings = recordings.map((r) => (r.name === oldest ? { ...r, kept: true } : r));
        continue;
      }
      await systemFiles.remove(folder, oldest);
      removed.push(oldest);
      recordings = recordings.filter(({ name }) => name !== oldest);
      log.info({ recording: oldest }, `recordings: ${oldest} removed to make room`);
    }
  } catch (error) {
    const reason = `the recordings in ${folder} can't be tidied: ${diskReason(error)}`;
    log.warn({ folder, code: systemCode(error) }, reason);
    return { removed, totalBytes: 0, freeBytes: 0, overBytes: 0, reason };
  }
}

async function freeIn(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    // No folder, no recordings: the disk is looked at once there is one.
    if (systemCode(error) === 'ENOENT') return Number.POSITIVE_INFINITY;
    throw error;
  }
}

async function isOurs(folder: string, name: string): Promise<boolean> {
  try {
    const meta = JSON.parse(await readFile(metaPath(folder, name), 'utf8')) as { global?: Record<string, unknown> };
    return meta.global?.['core:recorder'] === recorder;
  } catch {
    return false;
  }
}

function reasonOf(totalBytes: number, freeBytes: number, { quotaBytes, minFreeBytes }: QuotaLimits): string {
  const gb = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
  if (totalBytes > quotaBytes)
    return `recordings that are kept or under way take ${gb(totalBytes)} of ${gb(quotaBytes)}`;
  return `only ${gb(freeBytes)} of the disk are free, ${gb(minFreeBytes)} must be`;
}
