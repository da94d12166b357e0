import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../daemon/core/clock.ts';
import { startRotctldServer } from '../../../daemon/drivers/rotator/rotctld-server.ts';
import { simulatedRotator } from '../../../daemon/drivers/rotator/simulated-rotator.ts';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function served() {
  const limits = { azimuthRangeDeg: [-180, 540], elevationRangeDeg: [0, 180] } as const;
  const rotator = simulatedRotator({ ...limits, azimuthRateDegS: 1e6, elevationRateDegS: 1e6 }, systemClock);
  const server = await startRotctldServer({ host: '127.0.0.1', port: 0, rotator, limits });
  ends.push(server.stop);
  return server.port;
}

/** Sends everything at once, `goodbye` behind it, and reads until the server ends. */
function say(port: number, text: string, goodbye = 'q\n'): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('data', (data) => {
      heard += data;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
    socket.write(text + goodbye);
  });
}

// The answers of rotctld from hamlib 4.5.4 (Debian 12), `rotctld -m 1`, but for the limits.
test.each([
  ['P 10 20\n', 'RPRT 0\n'],
  ['\\set_pos 10 20\n', 'RPRT 0\n'],
  ['+\\set_pos 10 20\n', 'set_pos: 10 20\nRPRT 0\n'],
  ['+\\set_pos 541 20\n', 'set_pos: 541 20\nRPRT -1\n'],
  ['P 0 -1\n', 'RPRT -1\n'],
  ['P abc def\n', 'RPRT -1\n'],
  ['P nan 5\n', 'RPRT -1\n'],
  ['P 1\n', 'RPRT -1\n'],
  ['p\n', '0.00\n0.00\n'],
  ['\\get_pos\n', '0.00\n0.00\n'],
  ['+\\get_pos\n', 'get_pos:\nAzimuth: 0.00\nElevation: 0.00\nRPRT 0\n'],
  ['+p\n', 'get_pos:\nAzimuth: 0.00\nElevation: 0.00\nRPRT 0\n'],
  ['S\n', 'RPRT 0\n'],
  ['+\\stop\n', 'stop:\nRPRT 0\n'],
  ['+\\nonsense\n', 'RPRT -1\n'],
  ['+\\toString\n', 'RPRT -1\n'],
  [
    '\\dump_state\n',
    '1\n1\nmin_az=-180.000000\nmax_az=540.000000\nmin_el=0.000000\nmax_el=180.000000\nsouth_zero=0\nrot_type=AzEl\ndone\n',
  ],
  [
    '+\\dump_state\n',
    'dump_state:\nrotctld Protocol Ver: 1\nRotor Model: 1\nMinimum Azimuth: -180.000000\nMaximum Azimuth: 540.000000\nMinimum Elevation: 0.000000\nMaximum Elevation: 180.000000\nSouth Zero: 0\nrot_type=AzEl\ndone\nRPRT 0\n',
  ],
  ['S\r\n\nq\n', 'RPRT 0\n'],
])('%j', async (command, answer) => {
  expect(await say(await served(), command)).toBe(answer);
});

test('several commands at once are answered in order', async () => {
  expect(await say(await served(), 'P -180 180\n+\\stop\nS\np\nq\n')).toMatch(
    /^RPRT 0\nstop:\nRPRT 0\nRPRT 0\n-?\d+\.\d\d\n/,
  );
});

test('a line without end is sent away, others are still served', async () => {
  const port = await served();
  expect(await say(port, 'x'.repeat(5000), '')).toBe('');
  expect(await say(port, 'S\n')).toBe('RPRT 0\n');
});
