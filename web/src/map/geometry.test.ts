import { describe, expect, it } from 'vitest';
import type { Feature, LonLat } from './data';
import { boundsOf, farthestFrom, labelPlace } from './geometry';

function square(west: number, south: number, side: number): LonLat[] {
  return [
    [west, south],
    [west + side, south],
    [west + side, south + side],
    [west, south + side],
    [west, south],
  ];
}

function area(...rings: LonLat[][]): Feature {
  return {
    type: 'Feature',
    geometry: { type: 'MultiPolygon', coordinates: rings.map((ring) => [ring]) },
    properties: {},
  };
}

describe('the name of a county', () => {
  it('stands in the middle of its largest part, not in its exclave', () => {
    const [lon, lat] = labelPlace(area(square(107, 37, 0.1), square(105, 38, 1))) ?? [0, 0];
    expect(lon).toBeCloseTo(105.5, 6);
    expect(lat).toBeCloseTo(38.5, 6);
  });
});

describe('what the map is moved to', () => {
  it('holds the release as well as the whole plume', () => {
    const release: Feature = {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [106, 38] },
      properties: {},
    };
    expect(boundsOf([release, area(square(106.25, 37.5, 0.25))])).toEqual([106, 37.5, 106.5, 38]);
  });

  it('is nowhere without anything to show', () => expect(boundsOf([])).toBeNull());
});

describe('the label of a plume', () => {
  it('stands at its far end', () =>
    expect(farthestFrom(area(square(106, 38, 0.2)), [106, 38])).toEqual([106.2, 38.2]));
});
