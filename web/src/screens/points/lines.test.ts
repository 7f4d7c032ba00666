import { describe, expect, it } from 'vitest';
import { byUnit, doubtful, type Line, moments, pairs } from './lines';

function line(time_s: number[], quality: number[] = [], given: Partial<Line> = {}): Line {
  const values = time_s.map((_, index) => index);
  return {
    id: 'a',
    tag: 'TI-1',
    name: '温度',
    unit: '°C',
    sampling_s: 1,
    timeline: null,
    thinned: false,
    width_ms: 0,
    time_ms: time_s.map((s) => s * 1000),
    minimum: values,
    maximum: values,
    last: values,
    mean: values,
    quality: time_s.map((_, index) => quality[index] ?? 0),
    count: values.map(() => 1),
    ...given,
  };
}

describe('a line', () => {
  it('is broken where nothing came for more than three intervals', () => {
    expect(pairs(line([0, 1, 4, 5, 9]))).toEqual([
      [0, 0],
      [1000, 1],
      [4000, 2],
      [5000, 3],
      [7000, null],
      [9000, 4],
    ]);
  });

  it('of buckets is broken where a bucket is missing, and shows smallest and largest of each', () => {
    const drawn = pairs(line([0, 60, 240], [], { width_ms: 60_000, maximum: [5, 1, 9] }));
    expect(drawn.map(([, value]) => value)).toEqual([0, 5, 1, null, 2, 9]);
  });

  it('of a replay at sixty times is not broken at every reading', () => {
    expect(pairs(line([0, 60, 120, 360])).map(([, value]) => value)).toEqual([0, 1, 2, null, 3]);
  });

  it('marks stretches of doubtful quality from reading to reading, none over a gap', () => {
    expect(doubtful(line([0, 1, 2, 3, 60], [0, 2, 2, 1, 1]))).toEqual([
      { from: 1000, to: 3000, quality: 2 },
      { from: 3000, to: 4000, quality: 1 },
      { from: 60_000, to: 61_000, quality: 1 },
    ]);
  });

  it('is not marked as a whole where all of it is simulated', () => {
    expect(doubtful(line([0, 1], [4, 4]))).toEqual([]);
    expect(doubtful(line([0, 1], [0, 4]))).toHaveLength(1);
  });
});

describe('several lines', () => {
  it('are kept apart by unit and share their moments', () => {
    const lines = [line([0, 2]), line([1, 2], [], { unit: 'kPa' }), line([3])];
    expect(byUnit(lines).map(([unit, own]) => [unit, own.length])).toEqual([
      ['°C', 2],
      ['kPa', 1],
    ]);
    expect(moments(lines)).toEqual([0, 1000, 2000, 3000]);
  });
});
