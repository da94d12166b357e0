import { type Kernels, memoryBytes } from './kernels.ts';
import { wasmBase64 } from './wasm.generated.ts';

/** The part of the WebAssembly interface that is used: neither the language's nor Node's types declare it. */
interface WasmRuntime {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (descriptor: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  Instance: new (module: object, imports: object) => { readonly exports: object };
}

type Functions = Omit<Kernels, 'name' | 'bytes' | 'floats' | 'doubles' | 'integers'>;

const pageBytes = 65_536;

let shared: Kernels | null = null;

/**
 * The WASM kernels of this thread, compiled at the first call. One instance serves all blocks: no state lives in it between
 * the calls of a block, and thousands of memories would exhaust the address space.
 */
export function wasmKernels(): Kernels {
  shared ??= instantiate();
  return shared;
}

function instantiate(): Kernels {
  const { Module, Memory, Instance } = (globalThis as unknown as { WebAssembly: WasmRuntime }).WebAssembly;
  const bytes = Uint8Array.from(atob(wasmBase64), (character) => character.charCodeAt(0));
  const pages = memoryBytes / pageBytes;
  const memory = new Memory({ initial: pages, maximum: pages });
  const instance = new Instance(new Module(bytes), { env: { memory } });
  const functions = instance.exports as Functions;
  return {
    name: 'wasm',
    bytes: new Uint8Array(memory.buffer),
    floats: new Float32Array(memory.buffer),
    doubles: new Float64Array(memory.buffer),
    integers: new Int32Array(memory.buffer),
    cu8ToFloat: functions.cu8ToFloat,
    cs8ToFloat: functions.cs8ToFloat,
    cs16ToFloat: functions.cs16ToFloat,
    firReal: functions.firReal,
    firIq: functions.firIq,
    firIqComplex: functions.firIqComplex,
    rotate: functions.rotate,
    addCompareSelect: functions.addCompareSelect,
    cpmCorrelate: functions.cpmCorrelate,
    cpmDetect: functions.cpmDetect,
    cpmJoint: functions.cpmJoint,
    cpmWords: functions.cpmWords,
    latticeForward: functions.latticeForward,
    latticeBackward: functions.latticeBackward,
    fft: functions.fft,
    squareWindowed: functions.squareWindowed,
    turn: functions.turn,
    powers: functions.powers,
    lagLines: functions.lagLines,
    phaseSteps: functions.phaseSteps,
    turnFrom: functions.turnFrom,
    lineSums: functions.lineSums,
  };
}
