import { describe, expect, it } from 'vitest';
import type { Alarm } from '@/api/types';
import { byUrgency, isUnconfirmed, isUrgent } from './order';

const alarm = (more: Partial<Alarm>): Alarm =>
  ({
    id: 'a',
    state: 'raised',
    level: '1',
    raised_at: '2026-11-26T02:00:00Z',
    returned_at: null,
    timeline: null,
    ...more,
  }) as Alarm;

describe('an alarm that pulses and sounds', () => {
  it('is red, unconfirmed and lasting', () => {
    expect(isUrgent(alarm({}))).toBe(true);
    expect(isUrgent(alarm({ level: '2' }))).toBe(false);
    expect(isUrgent(alarm({ state: 'confirmed' }))).toBe(false);
  });

  it('is quiet once the process has come back, and waits to be confirmed all the same', () => {
    const returned = alarm({ returned_at: '2026-11-26T02:05:00Z' });
    expect(isUrgent(returned)).toBe(false);
    expect(isUnconfirmed(returned)).toBe(true);
  });

  it('pulses again when it is raised anew', () => {
    expect(isUrgent(alarm({ returned_at: null, re_raised: true, count: 2 }))).toBe(true);
  });
});

describe('the order of the desk', () => {
  it('keeps a returned alarm of the top level above the others', () => {
    const rows = [
      alarm({ id: 'b', level: '2' }),
      alarm({ id: 'c', returned_at: '2026-11-26T02:05:00Z' }),
      alarm({ id: 'd', state: 'confirmed' }),
    ];
    expect(rows.sort(byUrgency).map(({ id }) => id)).toEqual(['c', 'd', 'b']);
  });
});
