import { describe, expect, it } from 'vitest';
import type { FoundRow, ImportTarget } from './data';
import { cellOf, columnsOf, frameOf, mapAddress, placesOf } from './findings';

const words = (zh: string) => ({ zh, en: zh });
const boundaries: ImportTarget = {
  name: 'boundaries',
  title: words('行政区划边界'),
  fields: [{ name: 'adcode', title: words('行政区划代码'), required: false, help: words('') }],
  systems: [],
};

const row = (number: number, place: [number, number] | null, values: Record<string, unknown>): FoundRow => ({
  number,
  place,
  values,
});

describe('the columns of a preview', () => {
  it('put what the target reads first, in its words, and keep the file’s own names for the rest', () => {
    const rows = [row(1, null, { name: '贺兰县', adcode: '640122' }), row(2, null, { level: 'county' })];
    expect(columnsOf(rows, boundaries)).toEqual([
      { name: 'adcode', title: words('行政区划代码') },
      { name: 'name', title: null },
      { name: 'level', title: null },
    ]);
  });

  it('show nested values as text and cut what would fill the screen', () => {
    expect(cellOf(null)).toBe('—');
    expect(cellOf({ a: 1 })).toBe('{"a":1}');
    expect(cellOf('贺'.repeat(80))).toBe(`${'贺'.repeat(60)}…`);
  });
});

describe('the map of a preview', () => {
  it('frames all rows, and marks a place by its row in the file', () => {
    expect(frameOf([106, 38, 107, 39])[0]?.geometry.coordinates).toHaveLength(5);
    expect(frameOf([106, 38, 106, 38])).toEqual([]);
    const places = placesOf([row(2, [106.2, 38.4], {}), row(5, null, {})]);
    expect(places.map(({ properties }) => properties.title)).toEqual(['2']);
  });

  it('leads to the one map at the middle of what was brought in', () => {
    expect(mapAddress([106, 38, 107, 39])).toBe('/map?c=106.50000,38.50000&z=7.99');
    expect(mapAddress([106.2, 38.4, 106.2, 38.4])).toBe('/map?c=106.20000,38.40000&z=13.00');
  });
});
