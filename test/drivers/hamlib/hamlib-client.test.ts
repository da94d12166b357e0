import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { hamlibClient, labelled } from '../../../daemon/drivers/hamlib/hamlib-client.ts';
import { type FakeServer, fakeServer, hamlibDeps, quick } from './fake-server.ts';

const servers: FakeServer[] = [];
const clients: { close(): void }[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) await server.stop();
});

async function pair(answer: (line: string, socket: Socket, connection: number) => void) {
  const server = await fakeServer(answer);
  servers.push(server);
  const deps = hamlibDeps();
  const client = hamlibClient({ ...quick, port: server.port, program: 'rotctld' }, deps);
  clients.push(client);
  return { server, client, events: deps.events, advance: deps.advance };
}

const position = 'get_pos:\nAzimuth: 12.50\nElevation: 3.00\nRPRT 0\n';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a command goes out with a plus, its lines come back; a blank line behind is nothing', async () => {
  const { server, client } = await pair((_, socket) => socket.write(`${position}\n`));
  expect(await client.request('\\get_pos')).toEqual(['Azimuth: 12.50', 'Elevation: 3.00']);
  await client.request('\\get_pos');
  expect(server.received).toEqual(['+\\get_pos', '+\\get_pos']);
});

test('one request at a time, in order', async () => {
  let open = 0;
  const { server, client } = await pair((line, socket) => {
    expect(++open).toBe(1);
    setTimeout(() => {
      open--;
      socket.write(`${line.slice(2).split(' ')[0]}:\nRPRT 0\n`);
    }, 5);
  });
  await Promise.all([client.request('\\get_pos'), client.request('\\stop'), client.request('\\set_pos 1 2')]);
  expect(server.received).toEqual(['+\\get_pos', '+\\stop', '+\\set_pos 1 2']);
});

test('an answer byte by byte is the same answer', async () => {
  const { client } = await pair(async (_, socket) => {
    for (const byte of position) {
      socket.write(byte);
      await pause(0);
    }
  });
  expect(await client.request('\\get_pos')).toHaveLength(2);
});

test('a time-out that comes late itself, since the program was held up, counts once more', async () => {
  let elapsedMs = 0;
  const timers: { ms: number; then: () => void }[] = [];
  const server = await fakeServer((_, socket) => {
    elapsedMs = 10_000;
    timers[0]!.then();
    socket.write(position);
  });
  servers.push(server);
  const client = hamlibClient(
    { ...quick, port: server.port, program: 'rotctld' },
    {
      ...hamlibDeps(),
      clock: { now: () => elapsedMs, monotonic: () => elapsedMs },
      timers: {
        after(ms, then) {
          timers.push({ ms, then });
          return () => {};
        },
      },
    },
  );
  clients.push(client);
  expect(await client.request('\\get_pos')).toHaveLength(2);
  expect(timers.map(({ ms }) => ms)).toEqual([quick.timeoutMs, quick.timeoutMs]);
});

test('a number other than 0 is refused with its meaning, and the connection stays', async () => {
  const { client, events } = await pair((line, socket) =>
    socket.write(line.includes('stop') ? 'RPRT -11\n' : position),
  );
  await expect(client.request('\\stop')).rejects.toMatchObject({
    code: 'ROTATOR_REFUSED',
    message: expect.stringContaining('does not have this function (RPRT -11)'),
  });
  await client.request('\\get_pos');
  expect(events.map(({ event }) => event)).toEqual(['connected']);
});

describe('what a server does wrong', () => {
  const cases: { name: string; bad: (socket: Socket) => void; code: string; message: RegExp }[] = [
    { name: 'nothing', bad: () => {}, code: 'ROTATOR_TIMEOUT', message: /did not answer within 1500 ms/ },
    {
      name: 'half a line',
      bad: (socket) => socket.write('get_pos:\nAzim'),
      code: 'ROTATOR_TIMEOUT',
      message: /did not answer to the end/,
    },
    {
      name: 'half a line and the end',
      bad: (socket) => socket.end('get_pos:\nAzim'),
      code: 'ROTATOR_UNREACHABLE',
      message: /in the middle of an answer/,
    },
    { name: 'the end', bad: (socket) => socket.end(), code: 'ROTATOR_UNREACHABLE', message: /closed the connection/ },
    {
      name: 'a reset',
      bad: (socket) => socket.resetAndDestroy(),
      code: 'ROTATOR_UNREACHABLE',
      message: /ECONNRESET/,
    },
    {
      name: 'a line without end',
      bad: (socket) => socket.write('x'.repeat(100_000)),
      code: 'ROTATOR_NONSENSE',
      message: /without an end/,
    },
    {
      name: 'lines without end',
      bad: (socket) => socket.write('Azimuth: 1\n'.repeat(10_000)),
      code: 'ROTATOR_NONSENSE',
      message: /without an end/,
    },
    {
      name: 'the answer to something else',
      bad: (socket) => socket.write('stop:\nRPRT 0\n'),
      code: 'ROTATOR_NONSENSE',
      message: /something else than get_pos/,
    },
    {
      name: 'two answers',
      bad: (socket) => socket.write(position + position),
      code: 'ROTATOR_NONSENSE',
      message: /something else/,
    },
    {
      name: 'random bytes',
      bad: (socket) => socket.write(Buffer.from([0, 255, 10, 13, 10, 200, 7])),
      code: 'ROTATOR_TIMEOUT',
      message: /to the end/,
    },
    {
      name: 'the plain protocol',
      bad: (socket) => socket.write('12.5\n3.0\n'),
      code: 'ROTATOR_TIMEOUT',
      message: /to the end/,
    },
  ];

  test.each(cases)('$name: $code, and the next connection works', async ({ bad, code, message }) => {
    const { server, client, events, advance } = await pair((_, socket, connection) =>
      connection === 0 ? bad(socket) : socket.write(position),
    );
    const failure = expect(client.request('\\get_pos')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    await server.asked(1);
    if (code === 'ROTATOR_TIMEOUT') await advance(1500);
    await failure;
    // Within the back-off it is refused at once, with the reason.
    await expect(client.request('\\get_pos')).rejects.toMatchObject({
      code: 'ROTATOR_UNREACHABLE',
      message: expect.stringMatching(message),
    });
    await advance(50);
    expect(await client.request('\\get_pos')).toHaveLength(2);
    expect(events.map(({ event }) => event)).toEqual(['connected', 'disconnected', 'connected']);
  });

  test('bytes nobody asked for end the connection, the next request makes a new one', async () => {
    const { client, events, advance } = await pair((_, socket, connection) => {
      socket.write(position);
      if (connection === 0) setTimeout(() => socket.write('RPRT 0\n'), 20);
    });
    await client.request('\\get_pos');
    while (client.connected) await pause(5);
    await advance(50);
    await client.request('\\get_pos');
    expect(events[1]!.message).toMatch(/nobody asked for/);
  });
});

test('nobody listens: unreachable, and why', async () => {
  const gone = await fakeServer(() => {});
  await gone.stop();
  const client = hamlibClient({ ...quick, port: gone.port, program: 'rigctld' }, hamlibDeps());
  clients.push(client);
  await expect(client.request('\\get_freq')).rejects.toMatchObject({
    code: 'RIG_UNREACHABLE',
    message: expect.stringMatching(/^rigctld at 127\.0\.0\.1:\d+ can not be reached: ECONNREFUSED$/),
  });
});

test('at most 16 wait; closing rejects what waits, and nothing is sent any more', async () => {
  const { server, client } = await pair(() => {});
  const requests = Array.from({ length: 20 }, () => client.request('\\get_pos').catch((error) => error.code));
  await server.asked(1);
  client.close();
  const codes = await Promise.all(requests);
  expect(codes.filter((code) => code === 'ROTATOR_BUSY')).toHaveLength(4);
  expect(codes.filter((code) => code === 'ROTATOR_UNREACHABLE')).toHaveLength(16);
  expect(server.received).toHaveLength(1);
  await expect(client.request('\\get_pos')).rejects.toMatchObject({ code: 'ROTATOR_UNREACHABLE' });
});

test('a command that would be two is refused here', async () => {
  const { client } = await pair(() => {});
  for (const command of ['\\stop\n\\park', 'p', '\\set_pos 1;2', ''])
    expect(() => client.ask(command)).toThrow(RangeError);
});

test('values by their label', () => {
  const lines = ['Azimuth: 12.50', 'min_az=-180.000000', 'Elevation: nan', 'Empty:', 'Azimuth: 3'];
  expect(labelled(lines, 'Azimuth')).toBe(12.5);
  expect(labelled(lines, 'min_az')).toBe(-180);
  for (const name of ['Elevation', 'Empty', 'Other']) expect(labelled(lines, name)).toBeNull();
});
