import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { query, request } from '@/api/http';
import type { Alarm, AlarmDetail, Page, Text } from '@/api/types';
import type { Patch } from '@/live/channel';
import { useResync, useTopic } from '@/live/hub';
import { applyPatches, Ledger } from '@/live/ledger';
import type { Estimate, StandingRun } from '@/screens/incidents/data';
import { useMay } from '@/shell/session';

export const OPEN_STATES = ['raised', 'confirmed', 'handling'];
const SILENT = ['shelved', 'maintenance', 'parent'];
const PAGE_SIZE = 200;
const MOST_PAGES = 25;

export interface OpenAlarms {
  rows: Alarm[];
  asOf: string;
  /** Open alarms that the server knows but this list leaves out. */
  leftOut: number;
}

const ledger = new Ledger<Alarm>();
const openKey = ['alarms', 'open'];
/** What the desk is for: alarms that are announced and not closed. Silenced ones are in the table, by reason. */
export const isOpen = (alarm: Alarm): boolean => alarm.state !== 'closed' && alarm.suppression === 'none';

async function fetchOpen(signal: AbortSignal): Promise<OpenAlarms> {
  const mark = ledger.mark();
  const rows = new Map<string, Alarm>();
  let asOf = '';
  let total = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const path = `/api/alarms${query({
      state: OPEN_STATES,
      suppression: 'none',
      page,
      size: PAGE_SIZE,
      sort: '-arrived_at',
    })}`;
    const answer = await request<Page<Alarm>>(path, { signal });
    for (const row of answer.items) rows.set(row.id, row);
    if (page === 1) asOf = answer.as_of;
    total = answer.total;
    if (answer.items.length === 0 || page * answer.size >= total) break;
  }
  const merged = ledger.merge([...rows.values()], mark).filter(isOpen);
  return { rows: merged, asOf, leftOut: Math.max(0, total - rows.size) };
}

function take(client: QueryClient, patches: Patch[]): void {
  const rows = patches.map((patch) => patch.data as Alarm).filter((row) => ledger.note(row));
  if (rows.length === 0) return;
  const asOf = patches.at(-1)?.at ?? '';
  client.setQueryData<OpenAlarms>(openKey, (known) =>
    known
      ? { ...known, rows: applyPatches(known.rows, rows).filter(isOpen), asOf: asOf || known.asOf }
      : known,
  );
  for (const row of rows) {
    const key = ['alarms', 'detail', row.id];
    client.setQueryData<AlarmDetail>(key, (known) =>
      known && row.version > known.version ? { ...known, ...row } : known,
    );
    // The time line and the actions come with the detail only.
    void client.invalidateQueries({ queryKey: key });
  }
  void client.invalidateQueries({ queryKey: ['alarms', 'past'] });
  void client.invalidateQueries({ queryKey: ['alarms', 'silenced'] });
  for (const point of new Set(rows.map((row) => row.point_id)))
    void client.invalidateQueries({ queryKey: ['list', 'alarms', point] });
}

/** Keeps the alarms in the cache up to date while anyone looks at them. */
export function useAlarmFeed(): void {
  const client = useQueryClient();
  useTopic(
    'alarm',
    useCallback((patches: Patch[]) => take(client, patches), [client]),
  );
  useResync(
    useCallback(() => {
      // A fetch under way may have been answered from before the gap: start anew.
      void client
        .cancelQueries({ queryKey: ['alarms'] })
        .then(() => client.invalidateQueries({ queryKey: ['alarms'] }));
    }, [client]),
  );
}

/** All open alarms of the person's scope. */
export function useOpenAlarms() {
  return useQuery({
    queryKey: openKey,
    queryFn: ({ signal }) => fetchOpen(signal),
    staleTime: 60_000,
    refetchInterval: 120_000,
  });
}

/** How many alarms are open and not announced, for a reason that somebody gave or a parent's alarm is. */
export function useSilenced() {
  return useQuery({
    queryKey: ['alarms', 'silenced'],
    queryFn: ({ signal }) =>
      request<Page<Alarm>>(`/api/alarms${query({ state: OPEN_STATES, suppression: SILENT, size: 1 })}`, {
        signal,
      }),
    select: (page) => page.total,
    staleTime: 30_000,
    refetchInterval: 120_000,
  });
}

export const silencedPath = `/alarms/table${query({ state: OPEN_STATES, suppression: SILENT })}`;

export interface PastFilter {
  state: string[];
  q: string;
  level: string[];
  enterprise: string;
}

/** Closed alarms, newest first, as the server filters them. */
export function usePastAlarms(filter: PastFilter, enabled: boolean) {
  return useQuery({
    queryKey: ['alarms', 'past', filter],
    queryFn: ({ signal }) =>
      request<Page<Alarm>>(
        `/api/alarms${query({ state: filter.state, q: filter.q, level: filter.level, enterprise_id: filter.enterprise, sort: '-arrived_at', size: PAGE_SIZE })}`,
        { signal },
      ),
    enabled,
    placeholderData: (previous) => previous,
  });
}

export function useAlarm(id: string | undefined) {
  return useQuery({
    queryKey: ['alarms', 'detail', id],
    queryFn: ({ signal }) => request<AlarmDetail>(`/api/alarms/${id}`, { signal }),
    enabled: id !== undefined,
  });
}

/** Puts the answer of an action into the cache, so that the screen need not wait for the channel. */
export function storeAlarm(client: QueryClient, alarm: AlarmDetail): void {
  client.setQueryData(['alarms', 'detail', alarm.id], alarm);
  if (!ledger.note(alarm)) return;
  client.setQueryData<OpenAlarms>(openKey, (known) =>
    known ? { ...known, rows: applyPatches(known.rows, [alarm]).filter(isOpen) } : known,
  );
}

export interface IncidentOfAlarm {
  id: string;
  number: string;
  alarm_id: string | null;
}

/** The incident that was opened from an alarm: it is among those of the alarm's enterprise. */
export function incidentOf(alarm: Alarm) {
  return {
    queryKey: ['incidents', 'of', alarm.id],
    queryFn: async (): Promise<IncidentOfAlarm | null> => {
      const path = `/api/incidents${query({ enterprise_id: alarm.enterprise_id, size: PAGE_SIZE })}`;
      const found = await request<Page<IncidentOfAlarm>>(path);
      return found.items.find(({ alarm_id }) => alarm_id === alarm.id) ?? null;
    },
  };
}

export function useIncidentOf(alarm: Alarm): IncidentOfAlarm | null {
  const enabled = useMay('incidents.read');
  return useQuery({ ...incidentOf(alarm), enabled }).data ?? null;
}

export interface ThreatZone {
  name: string;
  group: string;
  label: Text;
  level: number;
  unit: string;
  farthest_m: number;
  geometry: { type: string; coordinates: unknown };
}

export interface ThreatResult {
  kind: string;
  hazard: { id: string; name: string; lon: number; lat: number };
  vessel: { equipment: string; substance: string; cas: string; stock_t: number };
  seen: { basis: string; rate_kg_s: number; low_kg_s: number; high_kg_s: number; readings: number }[];
  source: { steady_rate_kg_s?: number };
  weather: {
    wind_m_s: number;
    wind_from_deg: number;
    stability: string;
    is_calm: boolean;
    source: string;
    at: string | null;
    synthetic: boolean;
  };
  zones: ThreatZone[];
}

export interface Within {
  people: Estimate | null;
  sites: {
    id: string;
    name: string;
    kind: string;
    synthetic: boolean;
    distance_m: number;
    bearing_deg: number;
    chance?: number | null;
    arrival_s?: number | null;
  }[];
}

/** What an alarm may come to, as it was computed last. */
export interface Threat {
  as_of: string;
  footprint: StandingRun<ThreatResult> | null;
  people: StandingRun<{ zones: Record<string, Within> }> | null;
}

const threatPath = (id: string) => `/api/incidents/alarms/${id}/threat`;

export function threatOf(id: string) {
  return {
    queryKey: ['alarms', 'threat', id],
    queryFn: ({ signal }: { signal: AbortSignal }) => request<Threat>(threatPath(id), { signal }),
  };
}

export function assess(id: string): Promise<Threat> {
  return request<Threat>(threatPath(id), { method: 'POST' });
}
