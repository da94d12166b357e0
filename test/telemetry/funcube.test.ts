import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProject } from '../../daemon/core/project.ts';
import { dissect } from '../../daemon/telemetry/dissect.ts';

/** The frame in test/recordings/ao73.wav, as gr-satellites and this program receive it. */
const baseline = JSON.parse(readFileSync(join(findProject().folder, 'test/recordings/baseline.json'), 'utf8')) as {
  readonly file: string;
  readonly known_frames_hex: readonly string[];
}[];
const frame = baseline.find(({ file }) => file === 'ao73.wav')!.known_frames_hex[0]!;
const report = dissect({ frame, mode: 'dbpsk:1200:ao-40-fec' }, 'funcube_1');
const field = (name: string) => report.fields.find((f) => f.name === name);

test('a frame that AO-73 sent in the shadow of the Earth', () => {
  expect(report).toMatchObject({ definition: 'funcube_1', reason: null });
  const values = Object.fromEntries(report.fields.map(({ name, value, unit }) => [name, unit ? [value, unit] : value]));
  expect(values).toMatchObject({
    satellite_id: 'funcube_1',
    frame_type: 'whole_orbit_10',
    'real_time.eps.photo_current': [0, 'mA'],
    'real_time.eps.battery_voltage': [8140, 'mV'],
    'real_time.eps.system_current': [206, 'mA'],
    'real_time.eps.battery_temperature': [9, '°C'],
    'real_time.boards.panel_temperature_x_plus': [-10.7105, '°C'],
    'real_time.boards.bus_3v3_voltage': [3280, 'mV'],
    'real_time.boards.bus_5v_voltage': [4962, 'mV'],
    'real_time.boards.receiver_temperature': [10.274, '°C'],
    'real_time.boards.antenna_3_deployed': true,
    'real_time.software.sequence_number': 2543,
    'real_time.software.in_eclipse': true,
    'real_time.software.in_safe_mode': false,
  });
});

test('fields of bits have their places, also where they begin inside of a byte', () => {
  expect(field('real_time.boards.sun_sensor_y_plus')).toMatchObject({ offset: 26, length: 2 });
  expect(field('real_time.boards.receiver_doppler')).toMatchObject({ offset: 37, length: 2 });
  expect(field('real_time.boards.antenna_0_deployed')).toMatchObject({ offset: 49, length: 1 });
  expect(field('real_time.software.sequence_number')).toMatchObject({ offset: 50, length: 3 });
});

test('the data points of the orbit before: the battery in sunlight, one a minute', () => {
  const voltages = report.fields.filter(({ name }) => /^payload\.points\.\d+\.battery_voltage$/.test(name));
  expect(voltages.map(({ value }) => value)).toEqual([8282, 8292, 8282, 8292, 8282, 8282, 8282]);
  expect(voltages[1]).toMatchObject({ unit: 'mV', offset: 115, length: 2 });
});

test('a frame that ends too early gives what is there', () => {
  const cut = dissect({ frame: frame.slice(0, 2 * 30), mode: '' }, 'funcube_1');
  expect(cut.reason).toBe('the frame is too short for funcube_1: it has 30 bytes');
  expect(cut.fields.at(-1)).toMatchObject({ name: 'real_time.boards.panel_temperature_x_plus', value: -10.7105 });
});
