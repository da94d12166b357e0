import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TelemetryField } from '../../daemon/api/wire.ts';
import { dissect } from '../../daemon/telemetry/dissect.ts';
import { mostFields } from '../../daemon/telemetry/field.ts';
import { kaitaiNames } from '../../daemon/telemetry/kaitai.ts';
import { type TelemetryName, telemetryNames } from '../../daemon/telemetry/names.ts';
import { uiFrame } from '../../dsp/coding/ax25-address.ts';

const fieldsOf = (frame: string, name: TelemetryName): Record<string, TelemetryField> =>
  Object.fromEntries(dissect({ frame, mode: '' }, name).fields.map((field) => [field.name, field]));

test('a satellite file can name every definition', () => {
  expect(telemetryNames.slice(3)).toEqual(kaitaiNames);
});

test('ax25_ui and the built-in dissector read the same', () => {
  const bytes = uiFrame({ callsign: 'CQ', ssid: 0 }, { callsign: 'N0CALL', ssid: 11 }, Buffer.from('hello'));
  const frame = Buffer.from(bytes).toString('hex');
  const definition = fieldsOf(frame, 'ax25_ui');
  const builtIn = fieldsOf(frame, 'ax25');
  const { control, ...same } = definition;
  expect(control).toMatchObject({ value: 3, offset: 14, length: 1 });
  expect(Object.keys(same)).toHaveLength(8);
  expect(builtIn).toMatchObject(same);
});

test('csp_v1 and the built-in dissector read the same header', () => {
  const frame = '8aa8c101000102030405060708090a0b0c0d0e0f10111213cc79ebe6';
  const { data, ...header } = fieldsOf(frame, 'csp_v1');
  expect(data).toMatchObject({ offset: 4, length: 24 });
  const builtIn = Object.fromEntries(
    Object.entries(fieldsOf(frame, 'csp')).map(([name, field]) => [
      name.replace('flags.', ''),
      { ...field, name: field.name.replace('flags.', '') },
    ]),
  );
  expect(Object.keys(header)).toHaveLength(11);
  expect(builtIn).toMatchObject(header);
});

describe('whatever the bytes are', () => {
  test.each(telemetryNames)('%s gives fields within the frame, or a reason', (name) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const frame = Buffer.from(bytes).toString('hex');
        const { fields, reason } = dissect({ frame, mode: '' }, name);
        expect(fields.length).toBeLessThanOrEqual(mostFields);
        if (fields.length === 0) expect(reason).not.toBeNull();
        for (const { offset, length } of fields) {
          if (offset !== null) expect(offset + (length ?? 0)).toBeLessThanOrEqual(bytes.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each(telemetryNames)('%s takes frames of every length', (name) => {
    for (let length = 0; length < 300; length++) {
      for (const byte of [0x00, 0x8c, 0xff]) {
        dissect({ frame: Buffer.alloc(length, byte).toString('hex'), mode: '' }, name);
      }
    }
    const { fields } = dissect({ frame: 'ff'.repeat(65_535), mode: '' }, name);
    expect(JSON.stringify(fields).length).toBeLessThan(300_000);
  });
});
