import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { query, request } from '@/api/http';
import type { Page } from '@/api/types';
import type { LatestTuple } from '@/live/channel';
import { useLatest, useResync } from '@/live/hub';

export interface Point {
  id: string;
  number: number;
  tag: string;
  name: string;
  unit: string;
  kind: string;
  latest_value: number | null;
  latest_at: string | null;
  latest_arrived_at: string | null;
  latest_quality: number | null;
  enterprise_id: string;
  enterprise_name: string;
  process_unit_name: string;
  region: string;
  enabled: boolean;
  simulated: boolean;
  synthetic: boolean;
  range_low: number | null;
  range_high: number | null;
  sampling_s: number;
  stale_after_s: number;
  source: string;
  timeline: string | null;
  exercise: boolean;
  _editable: boolean;
}

export interface Limit {
  id: string;
  kind: string;
  threshold: number | null;
  level: string;
  enabled: boolean;
  note: string;
  deadband: number;
  on_delay_s: number;
  off_delay_s: number;
  window_s: number;
}

/** The newest reading: event time in ms, and when it came here by this page's knowledge. */
export interface Reading {
  at: number | null;
  value: number | null;
  quality: number | null;
}

export function usePoint(id: string) {
  return useQuery({
    queryKey: ['points', id],
    queryFn: ({ signal }) => request<Point>(`/api/points/${id}`, { signal }),
  });
}

export function useLimits(id: string) {
  return useQuery({
    queryKey: ['limits', id],
    queryFn: ({ signal }) =>
      request<Page<Limit>>(`/api/limits${query({ point_id: id, size: 50 })}`, { signal }),
  });
}

/** The newest reading, kept up by the live channel. */
export function useReading(point: Point | undefined): Reading {
  const client = useQueryClient();
  const [live, setLive] = useState<{ id: string; reading: Reading } | null>(null);
  const id = point?.id ?? '';
  useLatest(
    point?.number ?? null,
    useCallback(
      (values: LatestTuple[]) => {
        const newest = values.at(-1);
        if (newest) setLive({ id, reading: { at: newest[1], value: newest[2], quality: newest[3] } });
      },
      [id],
    ),
  );
  useResync(useCallback(() => void client.invalidateQueries({ queryKey: ['points', id] }), [client, id]));
  const stored: Reading = {
    at: point?.latest_at ? Date.parse(point.latest_at) : null,
    value: point?.latest_value ?? null,
    quality: point?.latest_quality ?? null,
  };
  return live?.id === id && (live.reading.at ?? 0) >= (stored.at ?? 0) ? live.reading : stored;
}
