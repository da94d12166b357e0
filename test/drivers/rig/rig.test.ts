import { afterEach, expect, test } from 'vitest';
import { StationError } from '../../../daemon/core/error.ts';
import type { Rig } from '../../../daemon/drivers/rig/rig.ts';
import { rigControl } from '../../../daemon/drivers/rig/rig-control.ts';
import { rigctldRig } from '../../../daemon/drivers/rig/rigctld.ts';
import { fakeServer, hamlibDeps, quick } from '../hamlib/fake-server.ts';
import { virtualTime } from '../world.ts';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function against(text: (line: string) => string) {
  const server = await fakeServer((line, socket) => socket.write(text(line)));
  const deps = hamlibDeps();
  const rig = rigctldRig({ ...quick, port: server.port }, deps);
  ends.push(server.stop, rig.close);
  return { server, rig, advance: deps.advance };
}

test('frequencies go out as whole hertz and come back', async () => {
  const { server, rig } = await against((line) => {
    const name = line.slice(2).split(' ')[0]!;
    const values: Record<string, string> = {
      get_freq: 'Frequency: 435100000\n',
      get_split_freq: 'TX Frequency: 145900000\n',
    };
    return `${name}:\n${values[name] ?? ''}RPRT 0\n`;
  });
  await rig.setDownlink(435_100_000.4);
  await rig.startSplit();
  await rig.setUplink(145_900_000.5);
  expect([await rig.downlink(), await rig.uplink()]).toEqual([435_100_000, 145_900_000]);
  expect(server.received.slice(0, 3)).toEqual([
    '+\\set_freq 435100000',
    '+\\set_split_vfo 1 VFOB',
    '+\\set_split_freq 145900001',
  ]);
});

test.each([Number.NaN, 0, -1, Number.POSITIVE_INFINITY])('%d Hz is refused here', async (frequencyHz) => {
  const { server, rig } = await against(() => '');
  await expect(rig.setDownlink(frequencyHz)).rejects.toThrow(RangeError);
  expect(server.received).toEqual([]);
});

test('errors are coded', async () => {
  let text = 'set_freq: 1\nRPRT -6\n';
  const { server, rig, advance } = await against(() => text);
  await expect(rig.setDownlink(1)).rejects.toMatchObject({ code: 'RIG_REFUSED' });
  text = 'get_freq:\nFrequency: ?\nRPRT 0\n';
  await expect(rig.downlink()).rejects.toMatchObject({ code: 'RIG_NONSENSE' });
  text = '';
  const silent = expect(rig.downlink()).rejects.toMatchObject({ code: 'RIG_TIMEOUT' });
  await server.asked(3);
  await advance(quick.timeoutMs);
  await silent;
});

function world(before: (nowMs: number) => void = () => {}) {
  const { clock, timers } = virtualTime();
  const calls: [timeMs: number, what: string, hz?: number][] = [];
  const note = async (what: string, hz?: number) => {
    before(clock.now());
    calls.push(hz === undefined ? [clock.now(), what] : [clock.now(), what, hz]);
  };
  const rig: Rig = {
    setDownlink: (hz) => note('down', hz),
    setUplink: (hz) => note('up', hz),
    startSplit: () => note('split'),
    downlink: async () => 0,
    uplink: async () => 0,
    close() {},
  };
  const states: string[] = [];
  const control = rigControl(
    { stepHz: 20 },
    { clock, timers, rig, changed: ({ state, reason }) => states.push(reason ?? state) },
  );
  ends.push(control.close);
  return { clock, timers, control, calls, states };
}

const plan = { fromMs: 10_000, toMs: 20_000, downlinkHz: (timeMs: number) => 435e6 - (timeMs - 10_000) / 100 };

test('a frequency for the middle of each interval, sent when it differs by the step', async () => {
  const { control, calls, states } = world();
  await control.follow(plan);
  expect(calls).toEqual(
    [0, 2, 4, 6, 8, 10].map((s) => [10_000 + 1000 * s, 'down', 435e6 - 10 * s - (s === 10 ? 0 : 5)]).slice(0, 5),
  );
  expect(states).toEqual(['tuning', 'idle']);
});

test('the uplink goes the other way, split once', async () => {
  const { control, calls } = world();
  await control.follow({ ...plan, uplinkHz: (timeMs) => 145e6 + (timeMs - 10_000) / 50 });
  expect(calls.filter(([, what]) => what === 'split')).toHaveLength(1);
  expect(calls.filter(([, what]) => what === 'up').length).toBeGreaterThan(8);
});

test('a fault is told and everything sent anew behind it', async () => {
  const { control, calls, states } = world((nowMs) => {
    if (nowMs >= 13_000 && nowMs < 16_000) throw new StationError('RIG_UNREACHABLE', 'away');
  });
  await control.follow({ ...plan, uplinkHz: (timeMs) => 145e6 + timeMs });
  expect(states).toEqual(['tuning', 'away', 'tuning', 'idle']);
  expect(calls.filter(([timeMs]) => timeMs === 16_000).map(([, what]) => what)).toEqual(['down', 'split', 'up']);
});

test('another plan ends the one before', async () => {
  const { control, timers, calls } = world();
  const first = control.follow(plan);
  await new Promise<void>((resolve) => timers.after(15_000, resolve));
  const second = control.follow({ fromMs: 0, toMs: 30_000, downlinkHz: () => 1e8 });
  await first;
  await second;
  expect(calls.at(-1)).toEqual([15_000, 'down', 1e8]);
});
