import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { query, request } from '@/api/http';
import type { Page, Text } from '@/api/types';
import { useText } from '@/i18n';

export type Cell = number | string | null;

export interface StandardColumn {
  name: string;
  title: Text;
  kind: string;
  unit: string;
  required: boolean;
}

export interface StandardRow {
  key: string;
  values: Record<string, Cell>;
  clause: string;
  certainty: string;
  needs_confirmation: boolean;
  note: string;
}

export interface Standard {
  code: string;
  title: Text;
  basis: string;
  number: number;
  newest: number;
  effective_from: string;
  source: string;
  columns: StandardColumn[];
  rows: StandardRow[];
}

export interface Difference {
  key: string;
  before: StandardRow | null;
  after: StandardRow | null;
  columns: string[];
}

export interface RowChange {
  key: string;
  values?: Record<string, Cell>;
  clause?: string;
  certainty?: string;
  note?: string;
}

export interface Publication {
  based_on: number;
  effective_from: string;
  source: string;
  note: string;
  changes: RowChange[];
}

interface TableName {
  id: string;
  code: string;
  zh: string;
  en: string;
}

function useTables() {
  return useQuery({
    queryKey: ['standards', 'tables'],
    queryFn: ({ signal }) => request<Page<TableName>>('/api/standard-tables?size=200', { signal }),
    staleTime: 600_000,
  });
}

/** Names a table of standards by its code; null for tables that are kept elsewhere. */
export function useTableNames(): (code: string) => string | null {
  const text = useText();
  const items = useTables().data?.items;
  const names = useMemo(() => new Map((items ?? []).map((table) => [table.code, table])), [items]);
  return useCallback((code) => text(names.get(code)) || null, [names, text]);
}

export function useStandard(code: string, number: number | null) {
  return useQuery({
    queryKey: ['standards', code, number],
    queryFn: ({ signal }) =>
      request<Standard>(`/api/standards/${code}${query({ number: number ?? undefined })}`, { signal }),
    placeholderData: (previous) => previous,
  });
}

export function useDifferences(code: string, before: number | null, after: number) {
  return useQuery({
    queryKey: ['standards', code, 'differences', before, after],
    queryFn: ({ signal }) =>
      request<Difference[]>(`/api/standards/${code}/differences${query({ before: before ?? 0, after })}`, {
        signal,
      }),
    enabled: before !== null && before !== after,
  });
}

export function usePublish(code: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Publication) =>
      request<Standard>(`/api/standards/${code}/versions`, { method: 'POST', body }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['standards', code] }),
  });
}
