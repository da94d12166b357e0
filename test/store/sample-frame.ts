import type { UnstoredFrame } from '../../daemon/store/ledger.ts';

export function sampleFrame(change: Partial<UnstoredFrame> = {}): UnstoredFrame {
  return {
    time: '2026-01-31T12:00:00.000Z',
    sample: 1234,
    satellite: 'GOMX-3',
    transmitter: 'fsk-19200-ax100-asmgolay',
    mode: 'fsk:19200:ax100-asmgolay',
    frame: 'c0ffee',
    integrity: { crc: 'ok', fec: 'rs(255,223)', correctedSymbols: 3, repairedBits: 0, falseAlarmsPerHour: 0 },
    snr_db: 12.5,
    offset_hz: -321,
    modulation_index: 0.512,
    clock_ppm: -3.4,
    sync_quality: 0.97,
    norad: 40949,
    sdr: 'uhf',
    pass: null,
    clock: 'synchronised',
    clock_source: 'timedatectl',
    simulated: false,
    ...change,
  };
}
