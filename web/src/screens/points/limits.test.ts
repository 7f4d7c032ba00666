import { describe, expect, it } from 'vitest';
import { worstCrossed } from './limits';

const limits = [
  { kind: 'LL', threshold: 2664.3, level: '1' },
  { kind: 'L', threshold: 2678.1, level: '2' },
  { kind: 'H', threshold: 2733.2, level: '2' },
  { kind: 'HH', threshold: 2747, level: '1' },
  { kind: 'no_data', threshold: null, level: '3' },
];

describe('the limit that a value lies beyond', () => {
  it.each([
    [2804.1, 'HH'],
    [2740, 'H'],
    [2747, 'HH'],
    [2700, undefined],
    [2670, 'L'],
    [2600, 'LL'],
    [null, undefined],
  ])('%s is beyond %s', (value, kind) => {
    expect(worstCrossed(limits, value)?.kind).toBe(kind);
    expect(worstCrossed([...limits].reverse(), value)?.kind).toBe(kind);
  });

  it('names the outer one of two with the same level', () => {
    const same = limits.map((limit) => ({ ...limit, level: '2' }));
    expect(worstCrossed(same, 2804.1)?.kind).toBe('HH');
  });
});
