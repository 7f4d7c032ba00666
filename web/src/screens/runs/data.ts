import { useQuery } from '@tanstack/react-query';
import { request } from '@/api/http';
import type { Text } from '@/api/types';

/** What a computed number needs to be made again. */
export interface Manifest {
  model: string;
  /** What people call the model; runs of older versions of the software do not say it. */
  title?: Text;
  model_version: string;
  software_version: string;
  inputs: Record<string, unknown>;
  tables: Record<string, string>;
  seed: number | null;
  verification: string;
  caveats: { code: string; zh: string; en: string }[];
  digest: string;
}

export interface Run<T = Record<string, unknown>> {
  id: string;
  purpose: string;
  model: string;
  model_version: string;
  software_version: string;
  verification: string;
  digest: string;
  computed_at: string;
  valid_at: string;
  elapsed_ms: number | null;
  exercise: boolean;
  synthetic: boolean;
  superseded: boolean;
  manifest: Manifest;
  result: T;
}

/** A run never changes, except that a later one may take its place. */
export function useRun<T = Record<string, unknown>>(id: string | null) {
  return useQuery({
    queryKey: ['runs', id],
    queryFn: ({ signal }) => request<Run<T>>(`/api/runs/${id}`, { signal }),
    enabled: id !== null,
    staleTime: 60_000,
  });
}
