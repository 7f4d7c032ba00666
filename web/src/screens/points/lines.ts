/** What is drawn of histories: pairs without bridges over silences, stretches of doubtful quality, one plot per unit. */

/** One point's history in columns of equal length, with what the point is. */
export interface Line {
  id: string;
  tag: string;
  name: string;
  unit: string;
  sampling_s: number;
  timeline: string | null;
  thinned: boolean;
  width_ms: number;
  time_ms: number[];
  minimum: (number | null)[];
  maximum: (number | null)[];
  last: (number | null)[];
  mean: (number | null)[];
  quality: number[];
  count: number[];
}

export type Pair = [number, number | null];

/** Silences longer than three intervals are gaps: the gap map of the server says the same. */
const GAP_INTERVALS = 3;
const GAP_BUCKETS = 2.5;
const SIMULATED = 4;

/** From which distance on two neighbouring rows are not joined. The usual step counts where it is longer than
 * what was agreed: a replay runs faster than its points were read. */
export function gapMs(line: Line): number {
  const steps = line.time_ms.slice(1).map((time, index) => time - (line.time_ms[index] as number));
  const usual = steps.sort((a, b) => a - b)[(steps.length - 1) >> 1] ?? 0;
  const rows = line.width_ms > 0 ? GAP_BUCKETS : GAP_INTERVALS;
  return Math.max(GAP_INTERVALS * 1000 * line.sampling_s, rows * Math.max(usual, line.width_ms));
}

/** Each bucket draws its smallest and its largest value, so that no peak is lost; a gap is a hole. */
export function pairs(line: Line): Pair[] {
  const drawn: Pair[] = [];
  const longest = gapMs(line);
  line.time_ms.forEach((time, index) => {
    const before = line.time_ms[index - 1];
    if (before !== undefined && time - before > longest) drawn.push([before + (time - before) / 2, null]);
    const [low, high] = [line.minimum[index] ?? null, line.maximum[index] ?? null];
    drawn.push([time, low]);
    if (high !== low) drawn.push([time, high]);
  });
  return drawn;
}

export interface Stretch {
  from: number;
  to: number;
  quality: number;
}

/** Stretches whose worst quality is not good. Where everything is simulated nothing is marked: the page says so. */
export function doubtful(line: Line): Stretch[] {
  const found: Stretch[] = [];
  const plain = line.quality.every((quality) => quality === SIMULATED) ? SIMULATED : 0;
  const longest = gapMs(line);
  line.time_ms.forEach((time, index) => {
    const quality = line.quality[index] ?? 0;
    const next = line.time_ms[index + 1];
    const joined = next !== undefined && next - time <= longest;
    const to = joined ? next : time + Math.max(line.width_ms, 1000 * line.sampling_s);
    const open = found.at(-1);
    if (quality === 0 || quality === plain) return;
    if (open && open.quality === quality && open.to === time) open.to = to;
    else found.push({ from: time, to, quality });
  });
  return found;
}

/** The lines by unit, in the order in which units first occur: different units never share an axis. */
export function byUnit(lines: Line[]): [string, Line[]][] {
  const found = new Map<string, Line[]>();
  for (const line of lines) found.set(line.unit, [...(found.get(line.unit) ?? []), line]);
  return [...found];
}

/** All times at which some line has a row, by time. */
export function moments(lines: Line[]): number[] {
  return [...new Set(lines.flatMap((line) => line.time_ms))].sort((a, b) => a - b);
}
