import { faultyServer, type Received, type Reply } from './faulty-server.ts';

export interface NetworkJob {
  readonly id: number;
  readonly start: string;
  readonly end: string;
  readonly ground_station: number;
  readonly tle0: string;
  readonly tle1: string;
  readonly tle2: string;
  readonly frequency: number;
  readonly mode: string;
  readonly transmitter: string;
  readonly baud: number | null;
  readonly norad_cat_id?: number;
}

/** A job of station 5 around the time of the sample frames. */
export function networkJob(change: Partial<NetworkJob> = {}): NetworkJob {
  return {
    id: 77,
    start: '2026-01-31T11:58:00Z',
    end: '2026-01-31T12:08:00Z',
    ground_station: 5,
    tle0: 'GOMX-3',
    tle1: '1 40949U 98067HA  26031.50000000  .00000000  00000-0  00000-0 0  9990',
    tle2: '2 40949  51.6000   0.0000 0001000   0.0000   0.0000 15.50000000    10',
    frequency: 437_250_000,
    mode: 'GFSK',
    transmitter: 'a',
    baud: 19_200,
    ...change,
  };
}

/** SatNOGS Network as far as a station sees it: jobs of its stations, and files of observations that are known by their names. */
export async function satnogsNetworkServer(options: { readonly token: string; readonly jobs: NetworkJob[] }) {
  const files = new Map<string, Buffer>();
  const polls: URLSearchParams[] = [];
  /** Jobs that have begun: listed no more. */
  const begun = new Set<number>();
  const server = await faultyServer((request): Promise<Reply> | Reply => {
    if (request.headers.authorization !== `Token ${options.token}`)
      return { status: 401, body: '{"detail":"Invalid token."}' };
    if (request.method === 'GET' && request.url.pathname === '/api/jobs/') {
      polls.push(request.url.searchParams);
      return { status: 200, body: JSON.stringify(options.jobs.filter(({ id }) => !begun.has(id))) };
    }
    const observation = /^\/api\/observations\/(\d+)\/$/.exec(request.url.pathname)?.[1];
    if (request.method !== 'PUT' || observation === undefined) return { status: 405 };
    return take(request, observation);
  });

  async function take({ headers, body }: Received, observation: string): Promise<Reply> {
    if (!options.jobs.some(({ id }) => String(id) === observation))
      return { status: 404, body: '{"detail":"Not found."}' };
    const type = headers['content-type'] ?? '';
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    const file = form.get('demoddata');
    if (!(file instanceof File)) return { status: 400, body: '{"demoddata":["No file was submitted."]}' };
    // The time is read from the third part of the name.
    if (!/^data_\d+_\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(_\d+)?$/.test(file.name) || file.name.split('_')[1] !== observation)
      return { status: 400, body: `{"demoddata":["Bad name ${file.name}"]}` };
    if (files.has(file.name)) return { status: 403, body: '"This data file has already been uploaded"' };
    files.set(file.name, Buffer.from(await file.arrayBuffer()));
    return { status: 200 };
  }

  return Object.assign(server, { files, polls, begun, jobs: options.jobs });
}
