import { useQuery } from '@tanstack/react-query';
import { query, request } from '@/api/http';
import type { Text } from '@/api/types';

export interface LayerClass {
  value: string;
  label: Text;
}

/** A layer of the map as the server declares it: what it shows, and what its legend must say. */
export interface MapLayer {
  name: string;
  title: Text;
  group: Text;
  shape: 'point' | 'line' | 'area';
  symbol: string;
  /** The resource whose page a click opens, by its name. */
  link: string | null;
  class_property: string | null;
  classes: LayerClass[];
  min_zoom: number;
  shown_first: boolean;
  order: number;
  source: string;
  licence: string;
  data_time: string | null;
  synthetic: boolean;
  note: Text;
}

export interface Feature {
  type: 'Feature';
  id?: string;
  geometry: { type: string; coordinates: unknown };
  properties: Record<string, unknown>;
}

export interface Features {
  type: 'FeatureCollection';
  features: Feature[];
}

export interface Near {
  source: string;
  items: { id: string; distance_m: number; properties: Record<string, unknown> }[];
}

export type LonLat = [number, number];

export const NO_FEATURES: Features = { type: 'FeatureCollection', features: [] };

export function useMapLayers() {
  return useQuery({
    queryKey: ['map', 'layers'],
    queryFn: ({ signal }) => request<MapLayer[]>('/api/map/layers', { signal }),
    refetchInterval: 60_000,
  });
}

/** All features of a layer as GeoJSON: for layers of at most some hundred. */
export function useFeatures(layer: string, enabled = true) {
  return useQuery({
    queryKey: ['map', 'features', layer],
    queryFn: ({ signal }) => request<Features>(`/api/map/features/${layer}`, { signal }),
    staleTime: 300_000,
    enabled,
  });
}

export function useNear(layer: string, at: LonLat, radius_m: number, enabled: boolean) {
  return useQuery({
    queryKey: ['map', 'near', layer, at, radius_m],
    queryFn: ({ signal }) =>
      request<Near>(`/api/map/near/${layer}${query({ lon: at[0], lat: at[1], radius_m })}`, { signal }),
    enabled,
  });
}

export function useCounty(at: LonLat) {
  return useQuery({
    queryKey: ['map', 'county', at],
    queryFn: ({ signal }) =>
      request<{ region: string | null }>(`/api/map/county${query({ lon: at[0], lat: at[1] })}`, { signal }),
  });
}
