import { describe, expect, test } from 'vitest';
import { dissectAx25 } from '../../daemon/telemetry/ax25.ts';
import { encodeAddress, uiFrame } from '../../dsp/coding/ax25-address.ts';

const cq = { callsign: 'CQ', ssid: 0 };
const station = { callsign: 'N0CALL', ssid: 11 };
const values = (frame: Uint8Array) =>
  Object.fromEntries(dissectAx25(frame).fields.map(({ name, value }) => [name, value]));

test('a UI frame, with the place of every field', () => {
  expect(dissectAx25(uiFrame(cq, station, Buffer.from('hello')))).toEqual({
    fields: [
      { name: 'destination.callsign', value: 'CQ', offset: 0, length: 6 },
      { name: 'destination.ssid', value: 0, offset: 6, length: 1 },
      { name: 'destination.command_bit', value: false, offset: 6, length: 1 },
      { name: 'source.callsign', value: 'N0CALL', offset: 7, length: 6 },
      { name: 'source.ssid', value: 11, offset: 13, length: 1 },
      { name: 'source.command_bit', value: false, offset: 13, length: 1 },
      { name: 'control.kind', value: 'UI', offset: 14, length: 1 },
      { name: 'control.poll_final', value: false, offset: 14, length: 1 },
      { name: 'pid', value: 240, offset: 15, length: 1 },
      { name: 'information', value: '68656c6c6f', offset: 16, length: 5 },
      { name: 'information_text', value: 'hello', offset: 16, length: 5 },
    ],
    reason: null,
  });
});

test('digipeaters, and which of them have repeated the frame', () => {
  const repeated = encodeAddress({ callsign: 'RELAY', ssid: 1 }, false);
  repeated[6]! |= 0x80;
  const command = encodeAddress(cq, false);
  command[6]! |= 0x80;
  const frame = Buffer.concat([
    command,
    encodeAddress(station, false),
    repeated,
    encodeAddress({ callsign: 'WIDE', ssid: 2 }, true),
    Buffer.from([0x03, 0xf0]),
  ]);
  expect(values(frame)).toMatchObject({
    'destination.command_bit': true,
    'source.command_bit': false,
    'digipeaters.0.callsign': 'RELAY',
    'digipeaters.0.repeated': true,
    'digipeaters.1.callsign': 'WIDE',
    'digipeaters.1.ssid': 2,
    'digipeaters.1.repeated': false,
    pid: 240,
  });
});

// AX.25 v2.2, 4.2.1 and 4.3.
describe('control bytes', () => {
  test.each([
    [0x00, { kind: 'I', poll_final: false, send_sequence: 0, receive_sequence: 0 }],
    [0xb6, { kind: 'I', poll_final: true, send_sequence: 3, receive_sequence: 5 }],
    [0xf1, { kind: 'RR', poll_final: true, receive_sequence: 7 }],
    [0x25, { kind: 'RNR', poll_final: false, receive_sequence: 1 }],
    [0x49, { kind: 'REJ', poll_final: false, receive_sequence: 2 }],
    [0x3f, { kind: 'SABM', poll_final: true }],
    [0x43, { kind: 'DISC', poll_final: false }],
    [0x73, { kind: 'UA', poll_final: true }],
    [0x1f, { kind: 'DM', poll_final: true }],
    [0x87, { kind: 'FRMR', poll_final: false }],
    [0x13, { kind: 'UI', poll_final: true }],
    [0x0b, { kind: 'unknown', poll_final: false }],
  ])('%i', (control, expected) => {
    const frame = uiFrame(cq, station, new Uint8Array(1));
    frame[14] = control;
    const found = Object.entries(values(frame)).filter(([name]) => name.startsWith('control.'));
    expect(Object.fromEntries(found.map(([name, value]) => [name.slice(8), value]))).toEqual(expected);
  });
});

test('what is no AX.25 frame says so', () => {
  expect(dissectAx25(Buffer.from('CQ    0N0CALL'))).toEqual({ fields: [], reason: expect.stringMatching(/^no AX.25/) });
  expect(dissectAx25(uiFrame(cq, station, new Uint8Array()).subarray(0, 15)).reason).toMatch(/no PID/);
});
