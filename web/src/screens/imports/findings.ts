import type { Text } from '@/api/types';
import { DASH } from '@/i18n/format';
import type { Feature, LonLat } from '@/map/data';
import type { Bounds } from '@/map/geometry';
import type { FoundRow, ImportTarget } from './data';

const MOST_COLUMNS = 8;
const LONGEST = 60;

export interface FoundColumn {
  name: string;
  /** How the target calls it; null for a column that it does not read. */
  title: Text | null;
}

/** The columns of the first rows: those that the target reads, then the file's others in its own order. */
export function columnsOf(rows: FoundRow[], target: ImportTarget): FoundColumn[] {
  const given = new Set(rows.flatMap(({ values }) => Object.keys(values)));
  const read = target.fields.filter(({ name }) => given.has(name));
  const known = new Set(read.map(({ name }) => name));
  const others = [...given].filter((name) => !known.has(name)).map((name) => ({ name, title: null }));
  return [...read.map(({ name, title }) => ({ name, title })), ...others].slice(0, MOST_COLUMNS);
}

/** A value as the file gives it, cut where it would fill the screen. */
export function cellOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return DASH;
  const said = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return said.length > LONGEST ? `${said.slice(0, LONGEST)}…` : said;
}

/** The frame around all rows; a single place has none. */
export function frameOf([west, south, east, north]: Bounds): Feature[] {
  if (west === east && south === north) return [];
  const corners: LonLat[] = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return [{ type: 'Feature', geometry: { type: 'LineString', coordinates: corners }, properties: {} }];
}

/** The first rows at their places, each with its number in the file. */
export function placesOf(rows: FoundRow[]): Feature[] {
  return rows.flatMap(({ number, place }) =>
    place
      ? [
          {
            type: 'Feature' as const,
            geometry: { type: 'Point', coordinates: place },
            properties: { id: String(number), title: String(number) },
          },
        ]
      : [],
  );
}

/** The map at the middle of what was brought in, about as close as all of it fits. */
export function mapAddress([west, south, east, north]: Bounds): string {
  const span = Math.max(east - west, north - south, 0.01);
  const zoom = Math.min(13, Math.max(5, Math.log2(360 / span) - 0.5));
  const middle = [(west + east) / 2, (south + north) / 2].map((degree) => degree.toFixed(5));
  return `/map?c=${middle.join(',')}&z=${zoom.toFixed(2)}`;
}
