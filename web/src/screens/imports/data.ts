import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '@/api/http';
import type { Text } from '@/api/types';
import type { LonLat } from '@/map/data';
import type { Bounds } from '@/map/geometry';

/** A column that a target reads. */
export interface TargetField {
  name: string;
  title: Text;
  required: boolean;
  help: Text;
}

/** Something that files can bring in, by this person. */
export interface ImportTarget {
  name: string;
  title: Text;
  fields: TargetField[];
  systems: { value: string; label: Text }[];
}

export interface RowError {
  number: number;
  field: string;
  message: Text;
}

/** A row that can be used: its number in the file, its place in WGS-84, and what the file says of it. */
export interface FoundRow {
  number: number;
  place: LonLat | null;
  values: Record<string, unknown>;
}

/** What an import would do, or did; the server names the first errors and the first rows only. */
export interface Findings {
  applied: boolean;
  usable: number;
  rejected: number;
  bounds: Bounds | null;
  errors: RowError[];
  first: FoundRow[];
}

/** A file and what the person says of it; the coordinate system is theirs to say. */
export interface Order {
  target: string;
  file: File;
  system: string;
  source: string;
  licence: string;
}

/** What this person may bring in from files; empty for most. */
export function useImportTargets() {
  return useQuery({
    queryKey: ['map', 'imports'],
    queryFn: ({ signal }) => request<ImportTarget[]>('/api/map/imports', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function formOf({ file, system, source, licence }: Order): FormData {
  const form = new FormData();
  form.set('system', system);
  form.set('source', source);
  form.set('licence', licence);
  form.set('file', file);
  return form;
}

export function usePreview() {
  return useMutation({
    mutationFn: (order: Order) =>
      request<Findings>(`/api/map/imports/${order.target}/preview`, { method: 'POST', form: formOf(order) }),
  });
}

export function useImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (order: Order) =>
      request<Findings>(`/api/map/imports/${order.target}`, { method: 'POST', form: formOf(order) }),
    // what was brought in may stand on any list and on any map
    onSuccess: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
}
