import { describe, expect, it } from 'vitest';
import { ageOf, DASH, duration, figure, fullTime, shortTime, withUnit } from './format';

describe('times', () => {
  it('shows UTC times in China time with seconds', () => {
    expect(fullTime('2026-11-23T16:00:05Z')).toBe('2026-11-24 00:00:05');
  });

  it('leaves the date out only on the same Chinese day', () => {
    const now = Date.parse('2026-11-23T16:30:00Z');
    expect(shortTime('2026-11-23T16:00:05Z', now)).toBe('00:00:05');
    expect(shortTime('2026-11-23T15:59:59Z', now)).toBe('11-23 23:59:59');
    expect(shortTime('2025-11-23T15:59:59Z', now)).toBe('2025-11-23 23:59:59');
  });

  it('shows a dash for an unknown time', () => {
    expect(fullTime(null)).toBe(DASH);
    expect(shortTime('', 0)).toBe(DASH);
    expect(ageOf(undefined, 0, 'zh-CN')).toBe(DASH);
  });
});

describe('ages', () => {
  it.each([
    [42_000, '42秒', '42 s'],
    [763_000, '12分43秒', '12 min 43 s'],
    [11_100_000, '3时05分', '3 h 05 min'],
    [180_000_000, '2天02时', '2 d 02 h'],
  ])('%d ms', (ms, zh, en) => {
    expect(duration(ms, 'zh-CN')).toBe(zh);
    expect(duration(ms, 'en')).toBe(en);
  });

  it('never counts backwards when clocks differ', () => {
    expect(duration(-5000, 'zh-CN')).toBe('0秒');
  });
});

describe('figures', () => {
  it.each([
    [2705.123456, '2,705.1'],
    [120.4012, '120.4'],
    [0.25171, '0.2517'],
    [0.000012345, '0.00001235'],
    [-3.5, '−3.5'],
    [0, '0'],
  ])('%d reads %s', (value, text) => expect(figure(value)).toBe(text));

  it('shows a dash, never NaN or a bare unit', () => {
    expect(withUnit(null, 'kPa')).toBe(DASH);
    expect(withUnit(Number.NaN, 'kPa')).toBe(DASH);
    expect(withUnit(12, 'kPa')).toBe('12 kPa');
  });
});
