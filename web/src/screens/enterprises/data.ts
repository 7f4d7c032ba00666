import { useQuery } from '@tanstack/react-query';
import { query, request } from '@/api/http';
import type { ActionMeta, Page } from '@/api/types';
import type { Limit, Point } from '@/screens/points/data';

export interface Enterprise {
  id: string;
  code: string;
  name: string;
  short_name: string;
  region: string;
  zone: string | null;
  address: string;
  kind: string;
  synthetic: boolean;
  source: string;
  _actions: ActionMeta[];
  _editable: boolean;
}

export interface Hazard {
  id: string;
  code: string;
  name: string;
  kind: string;
  level: string;
  s: number | null;
  r: number | null;
  live_level: string;
  live_s: number | null;
  live_r: number | null;
  alpha: number | null;
  exposed_persons: number;
  principal: string;
  technical_lead: string;
  operations_lead: string;
  run: string | null;
  live_run: string | null;
  graded_at: string | null;
  lon: number;
  lat: number;
  synthetic: boolean;
}

/** One substance's part in S and R, with the rows of the tables that its factors come from. */
export interface Factor {
  holding: string;
  substance: string;
  equipment: string;
  quantity_t: number;
  critical_t: number;
  critical_row: string;
  critical_table: string;
  beta: number;
  beta_row: string;
  beta_table: string;
  q_over_q: number;
  weighted: number;
}

export interface Grading {
  s: number;
  r: number;
  alpha: number;
  alpha_row: string;
  factors: Factor[];
}

export type PointLimit = Limit & { point_id: string };

const MOST_PAGES = 5;
const REFRESH_MS = 10_000;

export function useEnterprise(id: string) {
  return useQuery({
    queryKey: ['enterprises', id],
    queryFn: ({ signal }) => request<Enterprise>(`/api/enterprises/${id}`, { signal }),
  });
}

export function useHazards(enterprise: string) {
  return useQuery({
    queryKey: ['major-hazards', 'of', enterprise],
    queryFn: ({ signal }) =>
      request<Page<Hazard>>(`/api/major-hazards${query({ enterprise_id: enterprise, size: 100 })}`, {
        signal,
      }),
    refetchInterval: 60_000,
  });
}

export function usePoints(enterprise: string) {
  return useQuery({
    queryKey: ['points', 'of', enterprise],
    queryFn: ({ signal }) =>
      request<Page<Point>>(`/api/points${query({ enterprise_id: enterprise, size: 200 })}`, { signal }),
    refetchInterval: REFRESH_MS,
  });
}

/** The limits in force of all these points. */
export function useLimitsOf(points: Point[]) {
  const ids = points.map(({ id }) => id);
  return useQuery({
    queryKey: ['limits', 'of', ids],
    queryFn: async ({ signal }) => {
      const found: PointLimit[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const path = `/api/limits${query({ point_id: ids, enabled: true, size: 200, page })}`;
        const answer = await request<Page<PointLimit>>(path, { signal });
        found.push(...answer.items);
        if (found.length >= answer.total || answer.items.length === 0) break;
      }
      return found;
    },
    enabled: ids.length > 0,
    staleTime: 60_000,
  });
}
