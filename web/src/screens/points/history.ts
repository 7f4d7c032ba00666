import { useQuery } from '@tanstack/react-query';
import { query, request } from '@/api/http';
import { problemOf } from '@/api/problem';
import type { Page, Text } from '@/api/types';
import type { Line } from './lines';

export interface Series {
  thinned: boolean;
  resolution: string;
  width_ms: number;
  unit: string;
  time_ms: number[];
  minimum: (number | null)[];
  maximum: (number | null)[];
  last: (number | null)[];
  mean: (number | null)[];
  quality: number[];
  count: number[];
  good: number[];
  as_of: string;
}

/** What the history needs to know of a point. */
export interface Measured {
  id: string;
  tag: string;
  name: string;
  unit: string;
  sampling_s: number;
  timeline: string | null;
}

export interface History {
  lines: Line[];
  resolution: string;
  as_of: string;
}

export interface PointEvent {
  source: string;
  id: string;
  point_id: string;
  title: Text;
  at: string;
  until: string | null;
  level: string | null;
  momentary: boolean;
  note: string;
  steps: { title: Text; at: string; note: string }[];
}

export interface GapMap {
  completeness: number;
  missing: number;
  gaps: { start_ms: number; end_ms: number }[];
  truncated: boolean;
}

/** A period of the points' own time, in ms: from, included, to, left out. */
export interface Period {
  from: number;
  to: number;
}

/** The *spanMs* up to *end*, moving on in steps of half a percent; null while nobody knows of a reading. */
export function periodUpTo(end: number | null, spanMs: number): Period | null {
  if (end === null) return null;
  const step = Math.max(1000, spanMs / 200);
  const to = Math.ceil((end + 1) / step) * step;
  return { from: to - spanMs, to };
}

function asked({ from, to }: Period, others: readonly Measured[] = []) {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    with: others.map((other) => other.id),
  };
}

/** The history of a point, thinned to *width* drawn pixels, in the same buckets as the *others* if there are any. */
export function useHistory(
  point: Measured,
  others: readonly Measured[],
  period: Period | null,
  width: number,
) {
  const ids = others.map((other) => other.id);
  return useQuery({
    queryKey: ['series', point.id, ids, width, period],
    queryFn: async ({ signal }): Promise<History> => {
      const given = { ...asked(period as Period, others), width };
      if (others.length === 0) {
        const { with: _, ...alone } = given;
        const found = await request<Series>(`/api/points/${point.id}/series${query(alone)}`, { signal });
        return { lines: [lineOf(point, found)], resolution: found.resolution, as_of: found.as_of };
      }
      const found = await request<{ items: Series[]; as_of: string }>(
        `/api/points/${point.id}/comparison${query(given)}`,
        { signal },
      );
      const points = [point, ...others];
      return {
        lines: found.items.flatMap((series, index) => {
          const of = points[index];
          return of ? [lineOf(of, series)] : [];
        }),
        resolution: found.items[0]?.resolution ?? 'reading',
        as_of: found.as_of,
      };
    },
    enabled: period !== null,
    placeholderData: (previous, before) => (before?.queryKey[1] === point.id ? previous : undefined),
  });
}

function lineOf(point: Measured, series: Series): Line {
  return { ...point, ...series, unit: point.unit };
}

/** What else happened at the points, or nothing while *wanted* is false. */
export function useEvents(
  point: Measured,
  others: readonly Measured[],
  period: Period | null,
  wanted: boolean,
) {
  const coarse = period && { from: Math.floor(period.from / 60_000), to: Math.ceil(period.to / 60_000) };
  return useQuery({
    queryKey: ['point-events', point.id, others.map((other) => other.id), coarse],
    queryFn: ({ signal }) =>
      request<{ items: PointEvent[]; truncated: boolean }>(
        `/api/points/${point.id}/events${query(asked(period as Period, others))}`,
        { signal },
      ),
    enabled: wanted && period !== null,
    placeholderData: (previous, before) => (before?.queryKey[1] === point.id ? previous : undefined),
  });
}

const LONGEST_GAP_MAP = 31 * 86_400_000;

/** How complete the period is; asked for again once a minute at most, and not for more than a month. Of a replay
 * nothing is asked: its time does not run as its points were read. */
export function useGaps(point: Measured, period: Period | null) {
  const fits = period !== null && !point.timeline && period.to - period.from <= LONGEST_GAP_MAP;
  const coarse = fits && [Math.ceil(period.to / 60_000), period.to - period.from];
  return useQuery({
    queryKey: ['point-gaps', point.id, coarse],
    queryFn: ({ signal }) => {
      const { from, to } = asked(period as Period);
      return request<GapMap>(`/api/points/${point.id}/gaps${query({ from, to })}`, { signal });
    },
    enabled: fits,
    staleTime: 60_000,
    placeholderData: (previous, before) => (before?.queryKey[1] === point.id ? previous : undefined),
  });
}

/** Points whose name or tag holds *words*. */
export function usePointSearch(words: string) {
  const text = words.trim();
  return useQuery({
    queryKey: ['point-search', text],
    queryFn: ({ signal }) =>
      request<Page<Measured & { enterprise_name: string }>>(`/api/points${query({ q: text, size: 8 })}`, {
        signal,
      }),
    enabled: text.length > 0,
  });
}

/** Fetches the readings of the period as a Parquet file and hands it to the browser. Throws a `Problem`. */
export async function saveParquet(
  point: Measured,
  others: readonly Measured[],
  period: Period,
): Promise<void> {
  const answer = await fetch(`/api/points/${point.id}/history.parquet${query(asked(period, others))}`, {
    credentials: 'same-origin',
  });
  if (!answer.ok) throw await problemOf(answer);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download =
    /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 'history.parquet';
  link.click();
  URL.revokeObjectURL(link.href);
}
