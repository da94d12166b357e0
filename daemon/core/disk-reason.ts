import { systemCode } from './error.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is as large as it can be here',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EIO: 'the disk has an error',
  ENOENT: 'no such folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EPERM: 'not permitted',
};

/** Why the disk refused, for people. */
export function diskReason(error: unknown): string {
  const code = systemCode(error);
  return code === null ? (error instanceof Error ? error.message : String(error)) : (reasons[code] ?? code);
}
