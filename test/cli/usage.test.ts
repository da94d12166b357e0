import { expect, test } from 'vitest';
import { findProject } from '../../daemon/core/project.ts';
import { inProcess } from './fake-io.ts';

const decode = ['decode', 'x.wav'];
const mode = ['--mode', 'fsk:9600:ax25'];

test.each<[string[], string]>([
  [['decod'], "unknown command 'decod'; did you mean decode? (downlinkd --help lists all)"],
  [['constructor'], "unknown command 'constructor' (downlinkd --help lists all)"],
  [['decode', ...mode], "decode what? Give a recording, a folder or '-' for standard input"],
  [['decode', '-', '-', ...mode], "'-' is standard input, once"],
  [decode, 'say what to look for: either --satellite NAME or --mode MODULATION:RATE:FRAMING'],
  [
    [...decode, ...mode, '--satellite', 'x'],
    'say what to look for: either --satellite NAME or --mode MODULATION:RATE:FRAMING',
  ],
  [[...decode, ...mode, '--transmitter', 'x'], '--transmitter picks one of a satellite, it goes with --satellite'],
  [[...decode, ...mode, '--ofset-hz', '3'], "Unknown option '--ofset-hz' (downlinkd decode --help lists the options)"],
  [[...decode, ...mode, '--iq', '--audio'], '--iq and --audio exclude each other'],
  [[...decode, ...mode, '--audio', '--offset-hz', '-3'], '--offset-hz is for IQ, not for audio'],
  [[...decode, ...mode, '--iq', '--audio-carrier-hz', '3'], '--audio-carrier-hz is for audio, not for IQ'],
  [[...decode, ...mode, '--offset-hz', '3k'], "--offset-hz '3k' should be a number from -1000000000 to 1000000000"],
  [[...decode, ...mode, '--sample-rate', 'NaN'], "--sample-rate 'NaN' should be a number from 1 to 1000000000"],
  [
    [...decode, ...mode, '--input-format', 'mp3'],
    "--input-format 'mp3' should be one of cu8, cs8, cs16, cf32, wav, sigmf",
  ],
  [[...decode, ...mode, '--format', 'csv'], "--format 'csv' should be one of jsonl, kiss, hex"],
  [[...decode, ...mode, '--format', 'hex', '--json'], '--json and --format hex exclude each other'],
  [
    [...decode, ...mode, '--start-time', 'yesterday'],
    "--start-time 'yesterday' should be like 2026-05-31T12:34:56.789Z",
  ],
  [
    [...decode, ...mode, '--start-time', '2026-02-30T99:00Z'],
    "--start-time '2026-02-30T99:00Z' should be like 2026-05-31T12:34:56.789Z",
  ],
  [
    [...decode, 'y.wav', ...mode, '--start-time', '2026-05-31T12:34Z'],
    '--start-time is the start of one input, not of several',
  ],
  [
    [...decode, '--mode', 'fsk:9600'],
    "mode 'fsk:9600': expected modulation:symbol_rate:framing, such as fsk:9600:ax25-g3ruh",
  ],
  [[...decode, '--satellite', 'gomx3'], "unknown satellite 'gomx3'; did you mean GOMX-3?"],
  [[...decode, '--satellite', 'r0aju-1'], "'r0aju-1' may be SKOLTECH-B1 (53379), SKOLTECH-B2 (53380): say which"],
  [
    [...decode, '--satellite', 'gomx-3', '--transmitter', 'x'],
    "GOMX-3 has no transmitter 'x'; it has fsk-19200-ax100-reed-solomon",
  ],
  [['satellites', 'a', 'b'], 'one satellite at a time; a name with blanks needs quotes or dashes'],
  [['satellites', '--framing', 'ax26'], "unknown framing 'ax26'; did you mean ax25?"],
  [['check', 'x'], "check takes no 'x'; a configuration goes behind --config"],
])('%j: one line, exit code 2', async (argv, line) => {
  expect(await inProcess(...argv)).toEqual({ code: 2, stdout: '', stderr: `downlinkd: ${line}\n` });
});

test.each<[string[], RegExp]>([
  [
    [...decode, '--satellite', 'dier-5'],
    /^downlinkd: DIER-5, a nanosatellite .* has not published its downlink, .*\n$/,
  ],
  [[...decode, ...mode], /^downlinkd: x\.wav: no such file\n$/],
  [
    [...decode, ...mode, '--output', '/nonexistent/x'],
    /^downlinkd: \/nonexistent\/x: can't be written \(no such folder\)\n$/,
  ],
  [['decode', '-', ...mode], /^downlinkd: -: is empty\n$/],
  [['satellites', '--config', '/nonexistent.yaml'], /^downlinkd: \/nonexistent\.yaml: no such file\n$/],
])('%j: one line, exit code 1', async (argv, line) => {
  const { code, stdout, stderr } = await inProcess(...argv);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(line);
});

test('--version and --help', async () => {
  expect(await inProcess('--version')).toEqual({ code: 0, stdout: `${findProject().version}\n`, stderr: '' });
  for (const name of ['decode', 'satellites', 'check']) {
    const direct = await inProcess(name, '--help');
    expect(direct).toMatchObject({ code: 0, stderr: '' });
    expect(direct.stdout).toContain(`Usage: downlinkd ${name}`);
    expect(await inProcess('help', name)).toEqual(direct);
  }
});

test('the list of commands names each with its summary', async () => {
  const { code, stdout } = await inProcess('--help');
  expect(code).toBe(0);
  expect([...stdout.matchAll(/^ {2}(\w+) +\S/gm)].map((match) => match[1])).toEqual([
    'run',
    'decode',
    'frames',
    'import',
    'satellites',
    'passes',
    'track',
    'simulate',
    'network',
    'collect',
    'check',
  ]);
  expect(await inProcess()).toEqual({ code: 2, stdout: '', stderr: stdout });
});
