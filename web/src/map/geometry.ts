import type { Feature, LonLat } from './data';

export type Bounds = [west: number, south: number, east: number, north: number];

type Ring = LonLat[];

function polygonsOf(feature: Feature): Ring[][] {
  const { type, coordinates } = feature.geometry;
  if (type === 'Polygon') return [coordinates as Ring[]];
  if (type === 'MultiPolygon') return coordinates as Ring[][];
  return [];
}

function placesOf(feature: Feature): LonLat[] {
  if (feature.geometry.type === 'Point') return [feature.geometry.coordinates as LonLat];
  return polygonsOf(feature).flatMap((rings) => rings[0] ?? []);
}

/** The box around all points and areas; null when there are none. */
export function boundsOf(features: Feature[]): Bounds | null {
  const found: Bounds = [180, 90, -180, -90];
  for (const [lon, lat] of features.flatMap(placesOf)) {
    found[0] = Math.min(found[0], lon);
    found[1] = Math.min(found[1], lat);
    found[2] = Math.max(found[2], lon);
    found[3] = Math.max(found[3], lat);
  }
  return found[0] <= found[2] ? found : null;
}

function areaAndCentre(ring: Ring): { area: number; centre: LonLat } {
  let [area, x, y] = [0, 0, 0];
  ring.forEach(([lon, lat], index) => {
    const [nextLon, nextLat] = ring[(index + 1) % ring.length] ?? [lon, lat];
    const cross = lon * nextLat - nextLon * lat;
    area += cross;
    x += (lon + nextLon) * cross;
    y += (lat + nextLat) * cross;
  });
  const [lon = 0, lat = 0] = ring[0] ?? [];
  return { area: Math.abs(area / 2), centre: area === 0 ? [lon, lat] : [x / (3 * area), y / (3 * area)] };
}

/** Where the name of an area stands: the centre of gravity of its largest part. */
export function labelPlace(feature: Feature): LonLat | null {
  const parts = polygonsOf(feature).map((rings) => areaAndCentre(rings[0] ?? []));
  parts.sort((one, other) => other.area - one.area);
  return parts[0]?.centre ?? null;
}

/** The point of an outline that lies farthest from *origin*: where the label of a plume stands. */
export function farthestFrom(feature: Feature, origin: LonLat): LonLat | null {
  const stretch = Math.cos((origin[1] * Math.PI) / 180);
  let best: LonLat | null = null;
  let farthest = -1;
  for (const [lon, lat] of placesOf(feature)) {
    const distance = Math.hypot((lon - origin[0]) * stretch, lat - origin[1]);
    if (distance > farthest) [best, farthest] = [[lon, lat], distance];
  }
  return best;
}
