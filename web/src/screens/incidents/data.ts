import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '@/api/http';
import type { ActionMeta, Text } from '@/api/types';
import type { Manifest } from '@/screens/runs/data';

export interface IncidentEntry {
  id: string;
  kind: string;
  at: string;
  recorded_at: string;
  actor: string;
  note: string;
  run: string | null;
  facts: Record<string, unknown>;
}

export interface Incident {
  id: string;
  number: string;
  title: string;
  kind: string;
  state: string;
  grade: string | null;
  occurred_at: string;
  opened_at: string;
  opened_by: string;
  ended_at: string | null;
  timeline: string | null;
  alarm_id: string | null;
  enterprise_id: string | null;
  enterprise_name: string;
  hazard_id: string | null;
  substance: string;
  cas: string;
  place_note: string;
  lon: number;
  lat: number;
  dead: number;
  missing: number;
  seriously_injured: number;
  lightly_injured: number;
  trapped: number;
  loss_yuan: number;
  region: string;
  exercise: boolean;
  synthetic: boolean;
  entries: IncidentEntry[];
  _actions: ActionMeta[];
}

export interface Zone {
  name: string;
  rank: number;
  title: Text;
  level: number;
  unit: string;
  max_distance_m: number;
  geometry: { type: string; coordinates: unknown };
  computed_at: string;
  run: string;
}

export interface Estimate {
  low: number;
  best: number;
  high: number;
}

export interface Inside {
  people: Estimate | null;
  people_source: string;
  people_method: string;
  people_data_time: string | null;
  sites: { id: string; name: string; kind: string; persons: number | null; synthetic: boolean }[];
  hazards: {
    id: string;
    name: string;
    enterprise: string;
    level: string;
    is_source: boolean;
    synthetic: boolean;
  }[];
}

export interface StandingRun<T> {
  id: string;
  model: string;
  verification: string;
  computed_at: string;
  valid_at: string;
  synthetic: boolean;
  manifest: Manifest;
  result: T;
}

export interface FootprintResult {
  name: Text;
  density: { is_dense: boolean };
  release: { rate_kg_s: number; duration_s: number };
  weather: {
    wind_m_s: number;
    wind_from_deg: number;
    stability: string;
    source: string;
    at: string;
    synthetic: boolean;
  };
  zones: {
    level: number;
    name: string;
    minutes: number;
    ppm: number;
    mg_m3: number;
    source: string;
    certainty: string;
    beyond_range: boolean;
    max_distance_m: number;
    second_opinion_m: number | null;
  }[];
}

export interface Clock {
  kind: string;
  title: Text;
  state: string;
  started_at: string;
  due_at: string;
  ended_at: string | null;
  basis: string;
}

export interface CountyWeather {
  at: string;
  wind_m_s: number;
  wind_from_deg: number;
  cloud_tenths: number;
  temperature_c: number;
  source: string;
  synthetic: boolean;
}

export interface Situation {
  as_of: string;
  incident_time: string;
  zones: Zone[];
  footprint: StandingRun<FootprintResult> | null;
  people: StandingRun<{ zones: Record<string, Inside> }> | null;
  clocks: Clock[];
  weather: CountyWeather | null;
  /** The release that the instruments of the incident's alarm suggest. */
  suggested: { cas: string; rate_kg_s: number; duration_s: number; run: string } | null;
}

export interface Release {
  rate_kg_s: number;
  duration_s: number;
  cas: string | null;
  height_m: number;
  terrain: string;
  wind_m_s: number | null;
  wind_from_deg: number | null;
  stability: string | null;
}

const incidentKey = (id: string) => ['incidents', id];
const situationKey = (id: string) => ['incidents', id, 'situation'];

export function useIncident(id: string) {
  return useQuery({
    queryKey: incidentKey(id),
    queryFn: ({ signal }) => request<Incident>(`/api/incidents/${id}`, { signal }),
    refetchInterval: 15_000,
  });
}

export function useSituation(id: string) {
  return useQuery({
    queryKey: situationKey(id),
    queryFn: ({ signal }) => request<Situation>(`/api/incidents/${id}/situation`, { signal }),
    refetchInterval: 15_000,
  });
}

function changed(client: QueryClient, id: string): void {
  void client.invalidateQueries({ queryKey: incidentKey(id) });
  void client.invalidateQueries({ queryKey: ['list', 'incidents'] });
  void client.invalidateQueries({ queryKey: ['map'] });
}

export function useRelease(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (release: Release) =>
      request<Situation>(`/api/incidents/${id}/footprint`, { method: 'POST', body: release }),
    onSuccess: (situation) => {
      client.setQueryData(situationKey(id), situation);
      changed(client, id);
    },
  });
}

export function useIncidentAction(id: string, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ event, values }: { event: string; values: Record<string, unknown> }) =>
      request<Incident>(`/api/incidents/${id}/${event}`, { method: 'POST', body: values }),
    onSuccess: (answer) => {
      if (answer) client.setQueryData(incidentKey(id), answer);
      changed(client, id);
      onDone();
    },
  });
}
