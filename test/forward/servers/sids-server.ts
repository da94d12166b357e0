import { faultyServer, type Reply } from './faulty-server.ts';

/** Every field of a form, and what SatNOGS DB can read of it; anything more or less is refused here. */
const fields: Readonly<Record<string, RegExp>> = {
  noradID: /^[1-9]\d{0,8}$/,
  source: /^\S.*$/,
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  frame: /^([0-9A-F]{2})+$/,
  locator: /^longLat$/,
  longitude: /^\d{1,3}(\.\d+)?[EW]$/,
  latitude: /^\d{1,2}(\.\d+)?[NS]$/,
  version: /^\S.*$/,
};

/** A SiDS server that takes complete forms of the satellites it knows, in the body or in the query string. */
export async function sidsServer(options: { readonly token?: string; readonly unknown?: string } = {}) {
  const taken: Record<string, string>[] = [];
  const server = await faultyServer(({ method, url, headers, body }): Reply => {
    if (method !== 'POST') return { status: 405 };
    if (options.token !== undefined && headers.authorization !== `Token ${options.token}`)
      return { status: 401, body: '{"detail":"Invalid token."}' };
    const inBody = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
    const form = Object.fromEntries(inBody ? new URLSearchParams(body.toString()) : url.searchParams);
    for (const name of new Set([...Object.keys(fields), ...Object.keys(form)]))
      if (!(fields[name] ?? /^$/).test(form[name] ?? ''))
        return { status: 400, body: JSON.stringify({ [name]: [`Not valid: ${form[name]}`] }) };
    if (form['noradID'] === options.unknown)
      return { status: 400, body: '{"detail":"Unknown\u0000\u001b[31m\n satellite."}' };
    taken.push(form);
    return { status: 201 };
  });
  return Object.assign(server, { taken });
}
