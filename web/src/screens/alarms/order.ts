import type { Alarm } from '@/api/types';
import { lookOf } from '@/design/levels';

/** Whether the alarm still waits for someone to take note of it. */
export const isUnconfirmed = (alarm: Alarm): boolean => alarm.state === 'raised';

/**
 * Whether the alarm asks for attention with light and sound: unconfirmed, of the top level, and lasting. One whose
 * process has come back by itself still waits to be confirmed, but quietly (ANSI/ISA-18.2, state "RTN unacknowledged").
 */
export const isUrgent = (alarm: Alarm): boolean =>
  isUnconfirmed(alarm) && alarm.returned_at === null && lookOf(alarm.level).rank === 0;

/**
 * Since when the alarm waits, in ms of the live clock. A replay's event times belong to its own timeline;
 * what a duty officer has to answer for began when the reading arrived here.
 */
export function waitingSince(alarm: Alarm): number {
  return Date.parse(alarm.timeline ? alarm.arrived_at : alarm.raised_at);
}

const stateRank: Record<string, number> = { raised: 0, confirmed: 1, handling: 2, closed: 3 };

/** By level, then unconfirmed first, then the longest waiting first. */
export function byUrgency(one: Alarm, other: Alarm): number {
  return (
    lookOf(one.level).rank - lookOf(other.level).rank ||
    (stateRank[one.state] ?? 9) - (stateRank[other.state] ?? 9) ||
    waitingSince(one) - waitingSince(other) ||
    one.id.localeCompare(other.id)
  );
}

export function byNewest(one: Alarm, other: Alarm): number {
  return waitingSince(other) - waitingSince(one) || one.id.localeCompare(other.id);
}

export type Entry =
  | { kind: 'group'; level: string; count: number; unconfirmed: number }
  | { kind: 'alarm'; alarm: Alarm };

/** The rows of the list: a heading before each level, alarms by urgency below it. */
export function grouped(alarms: readonly Alarm[]): Entry[] {
  const entries: Entry[] = [];
  let heading: Extract<Entry, { kind: 'group' }> | undefined;
  for (const alarm of [...alarms].sort(byUrgency)) {
    if (heading === undefined || heading.level !== alarm.level) {
      heading = { kind: 'group', level: alarm.level, count: 0, unconfirmed: 0 };
      entries.push(heading);
    }
    heading.count += 1;
    if (isUnconfirmed(alarm)) heading.unconfirmed += 1;
    entries.push({ kind: 'alarm', alarm });
  }
  return entries;
}

/** How far the value lies beyond its limit, positive beyond it; null where there is no limit. */
export function beyond(alarm: Alarm): number | null {
  if (alarm.value === null || alarm.threshold === null) return null;
  const upper = alarm.condition === 'HH' || alarm.condition === 'H';
  return upper ? alarm.value - alarm.threshold : alarm.threshold - alarm.value;
}
