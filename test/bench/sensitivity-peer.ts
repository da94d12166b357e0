/** The peer: gr-satellites of Debian, on a file, with a satellite file made from a MODE. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mode, transmitterId } from '../../dsp/mode.ts';

const launcher = join(dirname(fileURLToPath(import.meta.url)), '../system/gr_satellites_launcher.py');
const python = '/usr/bin/python3';

/** What its satellite files call our framings; 4.4.0 has no GEOSCAN. */
const framingNames: Readonly<Record<string, string>> = {
  ax25: 'AX.25',
  'ax25-g3ruh': 'AX.25 G3RUH',
  'ax100-asmgolay': 'AX100 ASM+Golay',
  'ax100-reed-solomon': 'AX100 Reed Solomon',
  u482c: 'U482C',
  'ccsds-reed-solomon': 'CCSDS Reed-Solomon',
  'ccsds-concatenated': 'CCSDS Concatenated',
  usp: 'USP',
  'ao-40-fec': 'AO-40 FEC',
};

export function peerKnows({ framing }: Mode): boolean {
  return framing.kind in framingNames;
}

let installed: boolean | undefined;

/** Whether Python finds all of it: Debian's gr-satellites alone does not bring GNU Radio's own modules. */
export function peerIsInstalled(): boolean {
  installed ??=
    existsSync('/usr/bin/gr_satellites') && spawnSync(python, ['-c', 'import gnuradio, satellites']).status === 0;
  return installed;
}

export const peerMissing =
  'gr-satellites is not installed (apt-get install gnuradio gr-satellites): measured without the peer';

export interface PeerJob {
  readonly mode: Mode;
  readonly wav: string;
  readonly sampleRate: number;
  readonly iq: boolean;
}

export interface PeerResult {
  /** In hex, as often as they were given. */
  readonly frames: readonly string[];
  /** CPU of the whole process, start of Python and GNU Radio included. */
  readonly cpuSeconds: number;
}

/** @throws Error when it does not run to the end */
export function runPeer({ mode, wav, sampleRate, iq }: PeerJob): PeerResult {
  const satellite = `${wav}.yml`;
  const kiss = `${wav}.kss`;
  writeFileSync(satellite, satelliteFile(mode));
  try {
    const program = [launcher, satellite, '--wavfile', wav, '--samp_rate', `${sampleRate}`, '--kiss_out', kiss];
    const timed = [
      '-c',
      'import resource, subprocess, sys\ncode = subprocess.call(sys.argv[1:], stdout=sys.stderr)\n' +
        'u = resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(u.ru_utime + u.ru_stime)\nsys.exit(code)',
      python,
    ];
    const run = spawnSync(python, [...timed, ...program, ...(iq ? ['--iq'] : [])], { encoding: 'utf8' });
    if (run.status !== 0 || !existsSync(kiss)) throw new Error(`gr_satellites failed: ${run.stderr.slice(-500)}`);
    return { frames: kissFrames(readFileSync(kiss)), cpuSeconds: Number(run.stdout) };
  } finally {
    rmSync(satellite, { force: true });
    rmSync(kiss, { force: true });
  }
}

function satelliteFile(mode: Mode): string {
  const { modulation, framing } = mode;
  const name = framingNames[framing.kind];
  if (!name) throw new Error(`no name of gr-satellites is known for ${transmitterId(mode)}`);
  const keys: Record<string, string | number | undefined> = {
    modulation: modulation.kind.toUpperCase(),
    baudrate: modulation.symbolRate,
    framing: name,
    af_carrier: modulation.afCarrierHz,
    deviation: modulation.deviationHz,
    fm_deviation: modulation.fmDeviationHz,
    precoding: framing.precoding,
    'RS basis': framing.rsBasis,
    'RS interleaving': framing.rsInterleaving,
    scrambler: framing.scrambler,
    convolutional: framing.convolutional,
    'frame size': framing.frameSize,
  };
  const lines = Object.entries(keys).filter(([, value]) => value !== undefined);
  return `name: BENCH
norad: 99999
data:
  &tlm Telemetry:
    unknown
transmitters:
  tx:
    frequency: 437.0e+6
${lines.map(([key, value]) => `    ${key}: ${value}\n`).join('')}    data:
    - *tlm
`;
}

/** Data frames of a KISS file, in hex. */
export function kissFrames(bytes: Buffer): string[] {
  return bytes
    .toString('latin1')
    .split('\xc0')
    .filter((record) => record.startsWith('\x00'))
    .map((record) => record.slice(1).replaceAll('\xdb\xdc', '\xc0').replaceAll('\xdb\xdd', '\xdb'))
    .map((record) => Buffer.from(record, 'latin1').toString('hex'));
}
