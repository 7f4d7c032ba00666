import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { query, request } from '@/api/http';
import type { ActionMeta, Page } from '@/api/types';
import type { Values } from '@/forms/schema';
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

/** What came in, went out or was found in one tank or store; masses in tonnes. */
export interface StockMovement {
  id: string;
  substance: string;
  equipment: string;
  kind: string;
  quantity_t: number;
  stock_t: number;
  at: string;
  actor: string;
  note: string;
  synthetic: boolean;
}

export type PointLimit = Limit & { point_id: string };

const MOST_PAGES = 5;
const LATEST_MOVEMENTS = 6;
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

/** The latest movements of a hazard's stock. */
export function useMovements(hazard: string) {
  return useQuery({
    queryKey: ['stock-movements', 'of', hazard],
    queryFn: ({ signal }) =>
      request<Page<StockMovement>>(
        `/api/stock-movements${query({ hazard_id: hazard, size: LATEST_MOVEMENTS })}`,
        { signal },
      ),
  });
}

/** Records a movement; the hazard's live figures come back changed. */
export function useMoveStock() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (values: Values) =>
      request<StockMovement>('/api/stock-movements', { method: 'POST', body: values }),
    onSuccess: () =>
      Promise.all(
        ['major-hazards', 'stock-movements', 'list', 'detail'].map((name) =>
          client.invalidateQueries({ queryKey: [name] }),
        ),
      ),
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

/** The limits in force of all points of the enterprise. */
export function useLimits(enterprise: string) {
  return useQuery({
    queryKey: ['limits', 'of', enterprise],
    queryFn: async ({ signal }) => {
      const found: PointLimit[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const path = `/api/limits${query({ enterprise_id: enterprise, enabled: true, size: 200, page })}`;
        const answer = await request<Page<PointLimit>>(path, { signal });
        found.push(...answer.items);
        if (found.length >= answer.total || answer.items.length === 0) break;
      }
      return found;
    },
    staleTime: 60_000,
  });
}
