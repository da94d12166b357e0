import { isScalar, parseDocument, type Scalar, visit } from 'yaml';
import { alignItems, isRecord } from './align.ts';

/** What stands in the place of a secret wherever settings are shown. What is sent back as it keeps the secret that is there. */
export const mask = '********';
/** Only in comparisons: a secret that was written anew. */
const newMask = '(new-secret)';

const secretKey = /(^|_)(token|secret|password|passphrase|api_key)$/;
/** The password of an address, and secrets among its parameters. */
const inAddress = /((?:[a-z][a-z0-9+.-]*:\/\/|^|["'\s[,])[^/@:\s"'[\],]+:)([^@/\s"']+)(?=@)/gi;
const inQuery = /([?&](?:[a-z]+_)?(?:token|secret|password|key|apikey)=)([^&\s"']+)/gi;
/** A secret that was commented out, or stands in a text that is no YAML. */
const inComment = /(#.*?\b(?:[a-z]+_)?(?:token|secret|password|passphrase|api_key)\b["']?[ \t]*[:=][ \t]*)(\S+)/g;
const anywhere =
  /((?:^|[\s{,])(?:[a-z]+_)?(?:token|secret|password|passphrase|api_key)["']?[ \t]*[:=][ \t]*)([^\s,}]+)/g;

interface Place {
  readonly from: number;
  readonly to: number;
  readonly value: string;
}

/** YAML text without its secrets. @param shown what stands in the place of one */
export function maskYaml(text: string, shown: (secret: string) => string = () => mask): string {
  const { places, broken } = secretPlaces(text);
  let out = text;
  for (const { from, to, value } of places.toReversed()) {
    const end = text.slice(from, to).endsWith('\n') ? '\n' : '';
    out = out.slice(0, from) + quoted(shown(value)) + end + out.slice(to);
  }
  for (const pattern of [inAddress, inQuery, inComment, ...(broken ? [anywhere] : [])])
    out = out.replace(pattern, (whole, before: string, secret: string) =>
      isMask(secret) ? whole : before + shown(secret),
    );
  return out;
}

/** Both texts of a comparison, in which a secret shows whether it stays. */
export function maskedPair(before: string, after: string): [string, string] {
  const known = new Set<string>();
  const masked = maskYaml(before, (secret) => {
    known.add(secret);
    return mask;
  });
  return [masked, maskYaml(after, (secret) => (known.has(secret) ? mask : newMask))];
}

function isMask(text: string): boolean {
  return [mask, newMask].includes(text.replace(/^["']|["',]$/g, ''));
}

/** Every secret that settings hold. */
export function secretsIn(data: unknown): string[] {
  if (Array.isArray(data)) return data.flatMap(secretsIn);
  if (typeof data === 'string') return [inAddress, inQuery].flatMap((one) => [...data.matchAll(one)].map((m) => m[2]!));
  if (!isRecord(data)) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    secretKey.test(key) && typeof value === 'string' ? [value] : secretsIn(value),
  );
}

/** Data in which masks are the secrets of `older` again. Where that has none the mask stays. */
export function restoreData(older: unknown, newer: unknown): unknown {
  if (typeof newer === 'string') {
    if (!newer.includes(mask) || typeof older !== 'string') return newer;
    if (newer === mask) return older;
    const kept = secretsIn(older);
    return newer.replaceAll(mask, () => kept.shift() ?? mask);
  }
  if (Array.isArray(newer)) {
    const from = Array.isArray(older) ? alignItems(maskData(older), newer) : [];
    return newer.map((item, i) => restoreData((older as unknown[] | undefined)?.[from[i] ?? -1], item));
  }
  if (!isRecord(newer)) return newer;
  return Object.fromEntries(
    Object.entries(newer).map(([key, value]) => [key, restoreData(isRecord(older) ? older[key] : undefined, value)]),
  );
}

/** YAML text in which masks are the secrets of the older text again. */
export function restoreYaml(older: string, newer: string): string {
  const document = parseDocument(newer, { stringKeys: true });
  if (document.errors.length > 0) return newer;
  const masked: unknown = document.toJS();
  const restored = restoreData(parseDocument(older, { stringKeys: true }).toJS(), masked);
  const written = new Map(secretPlaces(older).places.map(({ from, to, value }) => [value, older.slice(from, to)]));
  const changes: Place[] = [];
  visit(document, {
    Scalar(key, node, path) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes(mask) || !node.range) return;
      const steps: (string | number)[] = [];
      let child: unknown = node;
      for (const parent of path.toReversed()) {
        if (isScalarPair(parent)) steps.unshift(String((parent.key as Scalar).value));
        else if ('items' in parent && Array.isArray(parent.items) && !isRecordNode(parent))
          steps.unshift(parent.items.indexOf(child as never));
        child = parent;
      }
      const value = steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], restored);
      if (typeof value !== 'string' || value === node.value) return;
      const [from, to] = node.range;
      if (node.value !== mask) {
        const kept = secretsIn(value);
        changes.push({ from, to, value: newer.slice(from, to).replaceAll(mask, () => kept.shift() ?? mask) });
        return;
      }
      const same = written.get(value);
      changes.push({ from, to, value: same !== undefined && !same.includes('\n') ? same : quoted(value) });
    },
  });
  let out = newer;
  for (const { from, to, value } of changes.toReversed()) out = out.slice(0, from) + value + out.slice(to);
  // Comments have no path: they keep their order.
  const kept = [...older.matchAll(inComment)].map((match) => match[2]!);
  return out.replace(inComment, (whole, before: string, secret: string) => {
    const next = kept.shift();
    return secret === mask && next !== undefined ? before + next : whole;
  });
}

function maskData(data: readonly unknown[]): unknown[] {
  return data.map((item) =>
    isRecord(item)
      ? Object.fromEntries(
          Object.entries(item).map(([key, value]) => [
            key,
            secretKey.test(key) && typeof value === 'string'
              ? mask
              : typeof value === 'string'
                ? maskAddress(value)
                : value,
          ]),
        )
      : typeof item === 'string'
        ? maskAddress(item)
        : item,
  );
}

function maskAddress(text: string): string {
  return text.replace(inAddress, `$1${mask}`).replace(inQuery, `$1${mask}`);
}

/** Where the secrets of YAML text stand, in their order. */
function secretPlaces(text: string): { places: Place[]; broken: boolean } {
  const document = parseDocument(text, { stringKeys: true });
  const nodes = new Set<Scalar>();
  visit(document, {
    Pair(_, { key, value }) {
      if (isScalar(key) && secretKey.test(String(key.value)) && isScalar(value) && typeof value.value === 'string')
        nodes.add(value);
    },
  });
  // The same text elsewhere, as behind an anchor, tells it too.
  const values = new Set([...nodes].map(({ value }) => value as string));
  visit(document, {
    Scalar(key, node) {
      if (key !== 'key' && typeof node.value === 'string' && values.has(node.value)) nodes.add(node);
    },
  });
  const places = [...nodes].flatMap(({ range, value }) =>
    range ? [{ from: range[0], to: range[1], value: value as string }] : [],
  );
  return { places: places.sort((a, b) => a.from - b.from), broken: document.errors.length > 0 };
}

function quoted(value: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(value) && !/^(true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

function isScalarPair(node: unknown): node is { key: Scalar } {
  return isRecord(node) && 'key' in node && 'value' in node && isScalar((node as { key: unknown }).key);
}

/** A map, whose items are pairs. */
function isRecordNode(node: { items?: readonly unknown[] }): boolean {
  return node.items?.some(isScalarPair) ?? false;
}
