import { query, request } from '@/api/http';
import type { Period } from './history';

const DAY = 86_400_000;

/** Kinds that can be tried with figures alone, and which of them look at a stretch of time. */
export const KINDS = ['HH', 'H', 'L', 'LL', 'rising', 'falling', 'frozen'] as const;
const OVER_A_WINDOW: ReadonlySet<string> = new Set(['rising', 'falling', 'frozen']);
const RATES: ReadonlySet<string> = new Set(['rising', 'falling']);

export const TRIAL_SPANS = [
  ['1d', DAY],
  ['7d', 7 * DAY],
  ['30d', 30 * DAY],
  ['90d', 90 * DAY],
] as const;

export const FIGURES = ['threshold', 'deadband', 'on_delay_s', 'off_delay_s', 'window_s'] as const;
export type Figure = (typeof FIGURES)[number];

/** What is typed into the form; figures stay words until they are asked with. */
export type Draft = { kind: string } & Record<Figure, string>;

/** A rule that stands, as far as a trial starts from it. */
export type Standing = { id: string; kind: string; enabled: boolean } & Partial<
  Record<Figure, number | null>
>;

export interface TriedAlarm {
  raised_at: string;
  returned_at: string | null;
  value: number | null;
}

export interface Outcome {
  count: number;
  total_s: number;
  alarms: TriedAlarm[];
}

export interface Trial {
  tried: Outcome;
  in_force: Outcome | null;
  in_force_id: string | null;
  readings: number;
  until: string;
  complete: boolean;
  as_of: string;
  software_version: string;
}

/** A trial of *kind* begins with the figures that stand, so that one change shows what it does. */
export function draftOf(kind: string, limits: readonly Standing[]): Draft {
  const standing = limits.find((limit) => limit.enabled && limit.kind === kind);
  const figures = Object.fromEntries(
    FIGURES.map((name) => [name, standing?.[name] === null ? '' : String(standing?.[name] ?? '')]),
  ) as Record<Figure, string>;
  return { kind, ...figures };
}

/** The figures that *kind* knows. */
export function figuresOf(kind: string): Figure[] {
  return FIGURES.filter((name) => {
    if (name === 'window_s') return OVER_A_WINDOW.has(kind);
    return name !== 'deadband' || kind !== 'frozen';
  });
}

/** The unit in which *figure* of a rule of *kind* is given. */
export function unitOf(figure: Figure, kind: string, unit: string): string {
  if (figure.endsWith('_s')) return 's';
  return RATES.has(kind) ? `${unit}/min` : unit;
}

export function tryRule(pointId: string, draft: Draft, period: Period, signal?: AbortSignal): Promise<Trial> {
  const figures = Object.fromEntries(
    figuresOf(draft.kind)
      .filter((name) => draft[name].trim() !== '')
      .map((name) => [name, draft[name].trim()]),
  );
  const asked = {
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    kind: draft.kind,
    ...figures,
  };
  return request<Trial>(`/api/points/${pointId}/trial${query(asked)}`, signal ? { signal } : {});
}

/** An alarm as a share of the period: where it begins and how wide it is, in percent; never too thin to see. */
export function barOf(alarm: TriedAlarm, period: Period, until: number): { left: number; width: number } {
  const length = period.to - period.from;
  const start = Date.parse(alarm.raised_at);
  const end = alarm.returned_at ? Date.parse(alarm.returned_at) : until;
  const width = Math.max(0.25, (100 * (end - start)) / length);
  return { left: Math.min(100 - width, (100 * (start - period.from)) / length), width };
}
