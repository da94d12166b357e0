/**
 * Whole simulated passes overhead at 437 MHz, noise and all, received with and without a prediction of the Doppler shift:
 * `node test/bench/doppler.ts [seeds]`. Some minutes a seed.
 */
import { type PassTrial, receivePass } from '../receiver/doppler-pass.ts';

const fsk = {
  mode: 'fsk:9600:ax25-g3ruh,deviation_hz=2400',
  frequencyHz: 437e6,
  sampleRate: 96_000,
  frameIntervalS: 10,
};
const bpsk = { mode: 'bpsk:1200:ax25-g3ruh', frequencyHz: 437e6, sampleRate: 96_000, frameIntervalS: 15 };
const predicted = { predicted: true, calibrated: false };
const trials: readonly Omit<PassTrial, 'seed' | 'aroundS'>[] = [
  { ...fsk, ...predicted, ebn0Db: 9, ppm: 30, lateS: 15 },
  { ...fsk, ...predicted, ebn0Db: 9, ppm: -30, lateS: 15 },
  { ...fsk, ...predicted, ebn0Db: 9, ppm: 0, lateS: 0, calibrated: true },
  { ...fsk, ...predicted, ebn0Db: 7, ppm: 0, lateS: 0, calibrated: true },
  { ...fsk, ebn0Db: 9, ppm: 0, lateS: 0, predicted: false, calibrated: false },
  { ...fsk, ebn0Db: 7, ppm: 0, lateS: 0, predicted: false, calibrated: false },
  { ...bpsk, ...predicted, ebn0Db: 9, ppm: -30, lateS: 15 },
  { ...bpsk, ...predicted, ebn0Db: 9, ppm: 0, lateS: 0, calibrated: true },
  { ...bpsk, ebn0Db: 9, ppm: 0, lateS: 0, predicted: false, calibrated: false },
];

const seeds = Number(process.argv[2] ?? 1);
for (const trial of trials) {
  for (let seed = 1; seed <= seeds; seed++) {
    const startedMs = performance.now();
    const { sent, got, fit, receivedS, channelRate, searchHz } = receivePass({ ...trial, seed, aroundS: null });
    const share = (performance.now() - startedMs) / 1000 / receivedS;
    const wanted = new Set(sent.map(({ bytes }) => Buffer.from(bytes).toString('hex')));
    const right = got.filter(({ bytes }) => wanted.has(Buffer.from(bytes).toString('hex'))).length;
    const found = !trial.predicted
      ? ''
      : fit.fitted
        ? `, fit ${fit.timeBiasS.toFixed(3)} s, ${fit.frequencyBiasHz.toFixed(1)} Hz`
        : `, fit: ${fit.reason}`;
    const { mode, ebn0Db, ppm, lateS, calibrated } = trial;
    const how = trial.predicted ? (calibrated ? 'calibrated' : 'predicted') : 'searched';
    process.stdout.write(
      `${mode} ${ebn0Db} dB, ${ppm} ppm, ${lateS} s late, ${how}: ${right} of ${sent.length}, ${got.length - right} false` +
        `${found}; ${(100 * share).toFixed(1)} % of a core at ${channelRate.toFixed(0)} S/s, +-${searchHz.toFixed(0)} Hz\n`,
    );
  }
}
