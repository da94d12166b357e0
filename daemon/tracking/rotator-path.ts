/** What one axis has to do from a time to another. */
export interface AxisTask {
  readonly fromMs: number;
  readonly toMs: number;
  readonly rangeDeg: readonly [number, number];
  readonly rateDegS: number;
  /** The cost of being at a grid position, per second; given the times and the positions of a grid. */
  cost(timesMs: Float64Array, gridDeg: Float64Array): (time: number, position: number) => number;
  /** What a degree of travel costs, s. */
  readonly travelCostS: number;
  /** Where the axis is before: travel from there costs; bound, the path starts there. */
  readonly start: { readonly atDeg: number; readonly bound: boolean };
}

export interface AxisPath {
  readonly timesMs: Float64Array;
  readonly positionsDeg: Float64Array;
  /** How fine the positions are. */
  readonly gridDeg: number;
}

const FIRST_STEP_MS = 1000;
const MOST_STEPS = 4000;
const MOST_POSITIONS = 3000;
const FIRST_GRID_DEG = 1;
/** Each level halves the time step and quarters the grid. */
const LEVELS = 3;
/** How far from the path of the level before the next one looks, in grid steps of that level. */
const REACH = 4;

/**
 * The cheapest path of an axis that keeps its rate: dynamic programming over time and position, on a coarse grid over the whole
 * range first, then finer and finer around what was found. The first level sees every turn and every moment to swing round, so
 * that the path is the best of all but for the grid. One level costs time steps × grid positions: the cheapest predecessor
 * within reach of a position comes from two sliding minima, whatever the rate.
 */
export function cheapestPath(task: AxisTask): AxisPath {
  const { fromMs, toMs, rangeDeg, rateDegS } = task;
  const span = rangeDeg[1] - rangeDeg[0];
  const durationMs = Math.max(1, toMs - fromMs);
  const wantedMs = Math.max(FIRST_STEP_MS, durationMs / MOST_STEPS, (2000 * span) / MOST_POSITIONS / rateDegS);
  let steps = Math.max(1, Math.floor(durationMs / wantedMs));
  let reach = Math.max(2, Math.ceil((rateDegS * durationMs) / steps / 1000 / FIRST_GRID_DEG));
  let path: AxisPath | null = null;
  for (let level = 0; level < LEVELS; level++) {
    path = solve(task, steps, reach, path);
    steps *= 2;
    reach *= 2;
  }
  return path!;
}

/** The position on a path at a time, linear between its points; that of its ends outside. */
export function positionAt({ timesMs, positionsDeg }: AxisPath, timeMs: number): number {
  const last = timesMs.length - 1;
  const at = ((timeMs - timesMs[0]!) / (timesMs[last]! - timesMs[0]!)) * last;
  if (!(at > 0)) return positionsDeg[0]!;
  if (at >= last) return positionsDeg[last]!;
  const k = Math.floor(at);
  return positionsDeg[k]! + (at - k) * (positionsDeg[k + 1]! - positionsDeg[k]!);
}

/** One level. The grid is such that the rate is exactly `reach` positions a time step. */
function solve(task: AxisTask, steps: number, reach: number, around: AxisPath | null): AxisPath {
  const [least, most] = task.rangeDeg;
  const stepMs = Math.max(1, task.toMs - task.fromMs) / steps;
  const stepS = stepMs / 1000;
  const grid = (task.rateDegS * stepS) / reach;
  const count = Math.max(1, Math.floor((most - least) / grid + 1e-9) + 1);
  const gridDeg = Float64Array.from({ length: count }, (_, i) => least + i * grid);
  const timesMs = Float64Array.from({ length: steps + 1 }, (_, k) => task.fromMs + k * stepMs);
  const cost = task.cost(timesMs, gridDeg);
  const travel = task.travelCostS * grid;
  const nearest = (deg: number) => Math.min(count - 1, Math.max(0, Math.round((deg - least) / grid)));

  const lows = new Int32Array(steps + 1);
  const highs = new Int32Array(steps + 1).fill(count - 1);
  if (around)
    for (let k = 0; k <= steps; k++) {
      const middle = positionAt(around, timesMs[k]!);
      lows[k] = nearest(middle - REACH * around.gridDeg);
      highs[k] = nearest(middle + REACH * around.gridDeg);
    }

  let best = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let next = new Float64Array(count);
  const start = nearest(task.start.atDeg);
  for (let i = lows[0]!; i <= highs[0]!; i++) {
    const bound = task.start.bound && i !== start;
    best[i] = bound
      ? Number.POSITIVE_INFINITY
      : cost(0, i) * stepS + task.travelCostS * Math.abs(gridDeg[i]! - task.start.atDeg);
  }
  const cameFrom: Int32Array[] = [];
  const queue = new Int32Array(count);
  for (let k = 1; k <= steps; k++) {
    const [low, high, lowBefore, highBefore] = [lows[k]!, highs[k]!, lows[k - 1]!, highs[k - 1]!];
    const from = new Int32Array(high - low + 1).fill(-1);
    next.fill(Number.POSITIVE_INFINITY, low, high + 1);
    // Predecessors at or below each position, then those above it: each a queue of candidates whose head is the cheapest.
    let head = 0;
    let tail = 0;
    let j = Math.max(lowBefore, low - reach);
    for (let i = low; i <= high; i++) {
      for (; j <= i && j <= highBefore; j++) {
        while (tail > head && best[queue[tail - 1]!]! + travel * (j - queue[tail - 1]!) >= best[j]!) tail--;
        queue[tail++] = j;
      }
      while (head < tail && queue[head]! < i - reach) head++;
      if (head === tail) continue;
      next[i] = best[queue[head]!]! + travel * (i - queue[head]!);
      from[i - low] = queue[head]!;
    }
    head = 0;
    tail = 0;
    j = Math.min(highBefore, high + reach);
    for (let i = high; i >= low; i--) {
      for (; j > i && j >= lowBefore; j--) {
        while (tail > head && best[queue[tail - 1]!]! + travel * (queue[tail - 1]! - j) >= best[j]!) tail--;
        queue[tail++] = j;
      }
      while (head < tail && queue[head]! > i + reach) head++;
      if (head < tail) {
        const value = best[queue[head]!]! + travel * (queue[head]! - i);
        if (value < next[i]!) {
          next[i] = value;
          from[i - low] = queue[head]!;
        }
      }
      if (next[i]! < Number.POSITIVE_INFINITY) next[i]! += cost(k, i) * stepS;
    }
    cameFrom.push(from);
    [best, next] = [next, best];
  }

  let i = lows[steps]!;
  for (let j = i; j <= highs[steps]!; j++) if (best[j]! < best[i]!) i = j;
  const positionsDeg = new Float64Array(steps + 1);
  for (let k = steps; k > 0; k--) {
    positionsDeg[k] = gridDeg[i]!;
    i = cameFrom[k - 1]![i - lows[k]!]!;
  }
  positionsDeg[0] = gridDeg[i]!;
  return { timesMs, positionsDeg, gridDeg: grid };
}
