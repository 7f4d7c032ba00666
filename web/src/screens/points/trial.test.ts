import { describe, expect, it } from 'vitest';
import { barOf, draftOf, figuresOf, unitOf } from './trial';

const DAY = 86_400_000;

describe('a trial', () => {
  it('begins with the figures of the rule in force, not of one that is switched off', () => {
    const limits = [
      { id: '1', kind: 'H', enabled: false, threshold: 70 },
      { id: '2', kind: 'H', enabled: true, threshold: 80, deadband: 0.5, on_delay_s: 10, window_s: null },
    ];
    expect(draftOf('H', limits)).toMatchObject({ threshold: '80', deadband: '0.5', on_delay_s: '10' });
    expect(draftOf('LL', limits).threshold).toBe('');
  });

  it('asks for a window only where the rule looks at one, and for rates per minute', () => {
    expect(figuresOf('H')).not.toContain('window_s');
    expect(figuresOf('rising')).toContain('window_s');
    expect(unitOf('threshold', 'rising', '°C')).toBe('°C/min');
    expect(unitOf('on_delay_s', 'H', '°C')).toBe('s');
  });

  it('draws a short alarm wide enough to be seen, and one that holds to the end', () => {
    const period = { from: 0, to: 10 * DAY };
    const blink = { raised_at: new Date(10 * DAY - 1).toISOString(), returned_at: null, value: 1 };
    expect(barOf(blink, period, 10 * DAY)).toEqual({ left: 99.75, width: 0.25 });
    const long = { raised_at: new Date(5 * DAY).toISOString(), returned_at: null, value: 1 };
    expect(barOf(long, period, 10 * DAY)).toEqual({ left: 50, width: 50 });
  });
});
