import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../daemon/core/clock.ts';
import { rotctldRotator } from '../../../daemon/drivers/rotator/rotctld.ts';
import { startRotctldServer } from '../../../daemon/drivers/rotator/rotctld-server.ts';
import { simulatedRotator } from '../../../daemon/drivers/rotator/simulated-rotator.ts';
import { fakeServer, hamlibDeps, quick } from '../hamlib/fake-server.ts';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const limits = { azimuthRangeDeg: [-180, 540], elevationRangeDeg: [0, 180] } as const;

async function served() {
  const mount = simulatedRotator({ ...limits, azimuthRateDegS: 1000, elevationRateDegS: 1000 }, systemClock);
  const server = await startRotctldServer({ host: '127.0.0.1', port: 0, rotator: mount, limits });
  const rotator = rotctldRotator({ ...quick, port: server.port }, hamlibDeps());
  ends.push(server.stop, rotator.close);
  return { mount, server, rotator };
}

/** A client that answers with `text` to everything. */
async function against(text: (line: string) => string) {
  const server = await fakeServer((line, socket) => socket.write(text(line)));
  const rotator = rotctldRotator({ ...quick, port: server.port }, hamlibDeps());
  ends.push(server.stop, rotator.close);
  return { server, rotator };
}

test('moves, reads, stops and tells its limits, far over the usual ones', async () => {
  const { rotator } = await served();
  expect(await rotator.limits()).toEqual(limits);
  await rotator.moveTo({ azimuthDeg: 539.5, elevationDeg: 178.25 });
  await expect.poll(() => rotator.position()).toEqual({ azimuthDeg: 539.5, elevationDeg: 178.25 });
  await rotator.moveTo({ azimuthDeg: -180, elevationDeg: 0 });
  await rotator.stop();
  const { azimuthDeg } = await rotator.position();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await rotator.position()).azimuthDeg).toBe(azimuthDeg);
});

test.each([
  { azimuthDeg: 541, elevationDeg: 0 },
  { azimuthDeg: -181, elevationDeg: 0 },
  { azimuthDeg: 0, elevationDeg: 181 },
  { azimuthDeg: 0, elevationDeg: -1 },
])('$azimuthDeg $elevationDeg is out of its limits', async (position) => {
  const { rotator } = await served();
  await expect(rotator.moveTo(position)).rejects.toMatchObject({ code: 'ROTATOR_OUT_OF_LIMITS' });
});

test('a position that is none is refused here and not sent', async () => {
  const { rotator, server } = await against(() => '');
  await expect(rotator.moveTo({ azimuthDeg: Number.NaN, elevationDeg: 0 })).rejects.toThrow(RangeError);
  expect(server.received).toEqual([]);
});

test('an answer without a position is nonsense, and the connection stays', async () => {
  let asked = 0;
  const { rotator } = await against(() =>
    asked++ === 0 ? 'get_pos:\nAzimuth: abc\nElevation: 3\nRPRT 0\n' : 'get_pos:\nAzimuth: 1\nElevation: 3\nRPRT 0\n',
  );
  await expect(rotator.position()).rejects.toMatchObject({ code: 'ROTATOR_NONSENSE' });
  expect(await rotator.position()).toEqual({ azimuthDeg: 1, elevationDeg: 3 });
});

test('numbers of refusals tell limits from broken devices', async () => {
  let rprt = -1;
  const { rotator } = await against((line) => `set_pos: ${line}\nRPRT ${rprt}\n`);
  const go = () => rotator.moveTo({ azimuthDeg: 1, elevationDeg: 1 });
  await expect(go()).rejects.toMatchObject({
    code: 'ROTATOR_OUT_OF_LIMITS',
    message: expect.stringMatching(/refused to go to 1\.000 1\.000: outside of its limits \(RPRT -1\)$/),
  });
  rprt = -6;
  await expect(go()).rejects.toMatchObject({ code: 'ROTATOR_REFUSED', message: expect.stringMatching(/RPRT -6/) });
});

test('a server that does not tell its limits', async () => {
  const { rotator } = await against(() => 'dump_state:\n1\n1\ndone\nRPRT 0\n');
  expect(await rotator.limits()).toBeNull();
});

test('limits as older servers name them', async () => {
  const lines = 'min_az=-180.000000\nmax_az=450.000000\nmin_el=0.000000\nmax_el=90.000000\nsouth_zero=0\n';
  const { rotator } = await against(() => `dump_state:\n1\n1\n${lines}RPRT 0\n`);
  expect(await rotator.limits()).toEqual({ azimuthRangeDeg: [-180, 450], elevationRangeDeg: [0, 90] });
});
