/** One point of a curve: a signal at one Eb/N0 through our receiver and, if wanted, through gr-satellites. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { ReceiverInput, ReceiverSink } from '../../dsp/core/receiver.ts';
import type { Iq, Real } from '../../dsp/core/types.ts';
import { parseMode } from '../../dsp/mode.ts';
import { makeReceiver } from '../../dsp/receiver.ts';
import { type FmReceiver, fmAudio } from '../modulation/modulate-audio.ts';
import { peerKnows, runPeer } from './sensitivity-peer.ts';
import { makeSignal, type Signal } from './signals.ts';
import { wavWriter } from './signals-wav.ts';

/** What may differ in FM audio. */
export type AudioChanges = Pick<FmReceiver, 'gain' | 'highPassHz'>;

export interface PointJob {
  readonly signal: Signal;
  /** What the receiver is told, where that differs from what is sent. */
  readonly receivedMode?: string;
  readonly fmAudio?: { readonly fullScaleHz: number } & AudioChanges;
  /** Names of the demodulators that may work; default all. */
  readonly demodulators?: readonly string[];
  /** Folder for the file that the peer reads; no folder, no peer. */
  readonly peerFolder?: string;
}

export interface Outcome {
  readonly received: number;
  /** Frames that were never sent. */
  readonly falseFrames: number;
  readonly cpuSeconds: number;
}

export interface Point {
  readonly ebn0Db: number;
  readonly sent: number;
  /** Length of the signal. */
  readonly seconds: number;
  readonly ours: Outcome & { readonly repaired: number };
  readonly peer: Outcome | null;
}

/** Pairs or samples the receiver is given at once. */
const CHUNK = 8192;
/** What an FM receiver's channel filter works at, and the audio that comes out, S/s. */
const FM_RATE = 96_000;
export const AUDIO_RATE = 48_000;

export function frameError({ sent }: Point, { received }: Outcome): number {
  return 1 - received / sent;
}

/** @throws Error when the peer does not run */
export function measurePoint(job: PointJob): Point {
  const { signal } = job;
  const { channel, transmission } = signal;
  const audio = job.fmAudio;
  const mode = parseMode(job.receivedMode ?? transmission.mode);
  const sampleRate = audio ? AUDIO_RATE : channel.sampleRate;
  const offsetHz = channel.carrierHz ?? 0;
  const input: ReceiverInput = audio ? { kind: 'fm-audio', sampleRate } : { kind: 'iq', sampleRate, offsetHz };
  const stream = makeSignal(audio ? { ...signal, channel: { ...channel, sampleRate: FM_RATE } } : signal);
  const sent = new Set(stream.frames.map(hex));
  const received = new Set<string>();
  let falseFrames = 0;
  let repaired = 0;
  const sink: ReceiverSink = {
    frame({ bytes, integrity }) {
      const frame = hex(bytes);
      if (!sent.has(frame)) falseFrames++;
      else {
        if (!received.has(frame) && integrity.repairedBits > 0) repaired++;
        received.add(frame);
      }
    },
    reject() {},
  };
  const receiver = makeReceiver(mode, input, sink, job.demodulators ? { demodulators: job.demodulators } : {});

  const path = job.peerFolder && peerKnows(mode) ? join(job.peerFolder, `signal-${threadId}.wav`) : null;
  const wav = path ? wavWriter(path, sampleRate, audio ? 1 : 2) : null;
  // The peer reads 16 bits: leave room for noise peaks.
  const level = audio ? 0.99 : 0.1 / Math.sqrt(1 + 10 ** (-channel.ebn0Db / 10) * (sampleRate / 4800));
  let cpuSeconds = 0;
  let samples = 0;
  const items = audio ? 1 : 2;
  for (const x of audio ? [heard([...stream.pieces()], audio)] : stream.pieces()) {
    wav?.write(x, level);
    const n = x.length / items;
    const start = process.threadCpuUsage();
    for (let from = 0; from < n; from += CHUNK) {
      const count = Math.min(CHUNK, n - from);
      receiver.push(x.subarray(items * from, items * (from + count)), count);
    }
    cpuSeconds += cpuSince(start);
    samples += n;
  }
  const start = process.threadCpuUsage();
  receiver.flush();
  cpuSeconds += cpuSince(start);
  wav?.close();

  let peer: Outcome | null = null;
  if (path) {
    try {
      const heardBy = runPeer({ mode, wav: path, sampleRate, iq: !audio });
      const distinct = new Set(heardBy.frames);
      const known = [...distinct].filter((frame) => sent.has(frame)).length;
      peer = { received: known, falseFrames: distinct.size - known, cpuSeconds: heardBy.cpuSeconds };
    } finally {
      rmSync(path, { force: true });
    }
  }
  const ours = { received: received.size, falseFrames, repaired, cpuSeconds };
  return { ebn0Db: channel.ebn0Db, sent: sent.size, seconds: samples / sampleRate, ours, peer };
}

function heard(pieces: readonly Iq[], receiver: FmReceiver): Real {
  const iq = new Float32Array(pieces.reduce((n, piece) => n + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    iq.set(piece, at);
    at += piece.length;
  }
  return fmAudio(iq, FM_RATE, receiver);
}

export function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1e6;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
