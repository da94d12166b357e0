import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { StationError } from '../../core/error.ts';
import type { Rotator, RotatorLimits } from './rotator.ts';

export interface RotctldServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly rotator: Rotator;
  readonly limits: RotatorLimits;
}

export interface RotctldServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** A line that is longer is no command: the client is sent away. */
const LONGEST_LINE = 1024;
const RIG_EINVAL = -1;
const RIG_EIO = -6;

interface Answer {
  /** Label and value of each line. */
  readonly values?: readonly (readonly [label: string, value: string])[];
  readonly rprt: number;
}

/**
 * A server that answers as rotctld of hamlib 4.5 does, over any rotator: `p`/`\get_pos`, `P`/`\set_pos`, `S`/`\stop`,
 * `_`/`\get_info`, `\dump_state` and `q`, plain or with a `+`. Anything else is `RPRT -1`. It is how other programs steer a
 * rotator through this one, and what tests use for mounts that hamlib's dummy does not have.
 * @throws a system error with `code` when it can't listen
 */
export async function startRotctldServer({
  host,
  port,
  rotator,
  limits,
}: RotctldServerOptions): Promise<RotctldServer> {
  const sockets = new Set<Socket>();

  async function move(words: readonly string[]): Promise<Answer> {
    const [azimuthDeg, elevationDeg] = words.map(Number);
    if (words.length !== 2 || !Number.isFinite(azimuthDeg) || !Number.isFinite(elevationDeg))
      return { rprt: RIG_EINVAL };
    await rotator.moveTo({ azimuthDeg: azimuthDeg!, elevationDeg: elevationDeg! });
    return { rprt: 0 };
  }

  const commands: Readonly<Record<string, (words: readonly string[]) => Promise<Answer>>> = {
    set_pos: move,
    async get_pos() {
      const { azimuthDeg, elevationDeg } = await rotator.position();
      return {
        values: [
          ['Azimuth', azimuthDeg.toFixed(2)],
          ['Elevation', elevationDeg.toFixed(2)],
        ],
        rprt: 0,
      };
    },
    async stop() {
      await rotator.stop();
      return { rprt: 0 };
    },
    async get_info() {
      return { values: [['Info', 'downlinkd']], rprt: 0 };
    },
    async dump_state() {
      const [azimuth, elevation] = [limits.azimuthRangeDeg, limits.elevationRangeDeg];
      return {
        values: [
          ['rotctld Protocol Ver', '1'],
          ['Rotor Model', '1'],
          ['Minimum Azimuth', azimuth[0].toFixed(6)],
          ['Maximum Azimuth', azimuth[1].toFixed(6)],
          ['Minimum Elevation', elevation[0].toFixed(6)],
          ['Maximum Elevation', elevation[1].toFixed(6)],
          ['South Zero', '0'],
        ],
        rprt: 0,
      };
    },
  };

  async function obey(socket: Socket, line: string): Promise<void> {
    const extended = line.startsWith('+');
    const [word = '', ...words] = line
      .slice(extended ? 1 : 0)
      .trim()
      .split(/\s+/);
    if (word === '') return;
    if (word === 'q' || word === 'Q') return void socket.end();
    const name = word.startsWith('\\') ? word.slice(1) : (shortNames[word] ?? '');
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    let answer: Answer = { rprt: RIG_EINVAL };
    if (command)
      try {
        answer = await command(words);
      } catch (error) {
        answer = {
          rprt: error instanceof StationError && error.code !== 'ROTATOR_OUT_OF_LIMITS' ? RIG_EIO : RIG_EINVAL,
        };
      }
    socket.write(extended ? extendedText(command && [name, ...words].join(' '), answer) : plainText(name, answer));
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    let received = '';
    let turn: Promise<void> = Promise.resolve();
    socket.on('data', (text: string) => {
      received += text;
      const lines = received.split('\n');
      received = lines.pop()!;
      if (received.length > LONGEST_LINE || lines.some((line) => line.length > LONGEST_LINE))
        return void socket.destroy();
      for (const line of lines) turn = turn.then(() => obey(socket, line));
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const shortNames: Readonly<Record<string, string>> = { P: 'set_pos', p: 'get_pos', S: 'stop', _: 'get_info' };

/** The plain form of `\dump_state` has names of its own, and a `done` at its end. */
const plainNames: Readonly<Record<string, string>> = {
  'Minimum Azimuth': 'min_az=',
  'Maximum Azimuth': 'max_az=',
  'Minimum Elevation': 'min_el=',
  'Maximum Elevation': 'max_el=',
  'South Zero': 'south_zero=',
};

function extendedText(echo: string | undefined, { values = [], rprt }: Answer): string {
  const lines = values.map(([label, value]) => `${label}: ${value}`);
  const head = echo === undefined ? [] : [echo.includes(' ') ? echo.replace(' ', ': ') : `${echo}:`];
  if (echo === 'dump_state') lines.push('rot_type=AzEl', 'done');
  return `${[...head, ...lines, `RPRT ${rprt}`].join('\n')}\n`;
}

function plainText(name: string, { values = [], rprt }: Answer): string {
  if (rprt !== 0 || values.length === 0) return `RPRT ${rprt}\n`;
  const lines = values.map(([label, value]) => `${plainNames[label] ?? ''}${value}`);
  if (name === 'dump_state') lines.push('rot_type=AzEl', 'done');
  return `${lines.join('\n')}\n`;
}
