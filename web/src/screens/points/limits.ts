import { lookOf } from '@/design/levels';

export interface Bound {
  kind: string;
  threshold: number | null;
  level: string;
}

function isCrossed(limit: Bound, value: number): boolean {
  if (limit.threshold === null) return false;
  return limit.kind === 'H' || limit.kind === 'HH' ? value >= limit.threshold : value <= limit.threshold;
}

/** The most urgent limit that *value* lies beyond: above the high-high limit it also lies above the high one. */
export function worstCrossed<T extends Bound>(limits: readonly T[], value: number | null): T | undefined {
  if (value === null) return undefined;
  const outer = (limit: T) => (limit.kind.length > 1 ? 0 : 1);
  return limits
    .filter((limit) => isCrossed(limit, value))
    .sort((one, other) => lookOf(one.level).rank - lookOf(other.level).rank || outer(one) - outer(other))[0];
}
