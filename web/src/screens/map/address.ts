import type { MapLayer } from '@/map/data';
import type { Camera } from '@/map/engine';
import { ALARMS } from '@/map/style';

/** The middle of Ningxia: where the map opens when the address says nothing. */
export const HOME: Camera = { centre: [106.2, 37.55], zoom: 6.6 };

/** The camera that `?c=lon,lat&z=zoom` asks for. */
export function readCamera(search: URLSearchParams): Camera {
  const [lon, lat] = (search.get('c') ?? '').split(',').map(Number.parseFloat);
  const zoom = Number.parseFloat(search.get('z') ?? '');
  const valid =
    [lon, lat, zoom].every(Number.isFinite) && Math.abs(lon ?? 0) <= 180 && Math.abs(lat ?? 0) < 85;
  return valid ? { centre: [lon as number, lat as number], zoom: Math.min(18, Math.max(4, zoom)) } : HOME;
}

export function writeCamera(search: URLSearchParams, camera: Camera): URLSearchParams {
  const next = new URLSearchParams(search);
  next.set('c', camera.centre.map((degree) => degree.toFixed(5)).join(','));
  next.set('z', camera.zoom.toFixed(2));
  return next;
}

/** The layers that are shown: those of `?layers=`, else those that are shown first, and the alarms. */
export function readShown(search: URLSearchParams, layers: MapLayer[]): Set<string> {
  const asked = search.get('layers');
  if (asked !== null) return new Set(asked.split(',').filter(Boolean));
  return new Set([...layers.filter((layer) => layer.shown_first).map(({ name }) => name), ALARMS]);
}

export function toggled(shown: ReadonlySet<string>, name: string): Set<string> {
  const next = new Set(shown);
  if (!next.delete(name)) next.add(name);
  return next;
}

export function writeShown(search: URLSearchParams, shown: ReadonlySet<string>): URLSearchParams {
  const next = new URLSearchParams(search);
  next.set('layers', [...shown].join(','));
  return next;
}
