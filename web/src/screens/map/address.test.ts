import { describe, expect, it } from 'vitest';
import type { MapLayer } from '@/map/data';
import { HOME, readCamera, readShown, toggled, writeCamera, writeShown } from './address';

const layer = (name: string, shown_first: boolean) => ({ name, shown_first }) as MapLayer;
const layers = [layer('counties', true), layer('faults', false)];

describe('the address of a map', () => {
  it('brings a colleague to the same place', () => {
    const camera = { centre: [106.61234, 38.01234] as [number, number], zoom: 12.5 };
    expect(readCamera(writeCamera(new URLSearchParams(), camera))).toEqual(camera);
  });

  it.each(['', 'c=abc,def&z=3', 'c=106&z=9', 'c=106,91&z=9', 'c=106,38'])('opens at home for %o', (text) => {
    expect(readCamera(new URLSearchParams(text))).toEqual(HOME);
  });

  it('keeps what was switched off switched off, down to the last layer', () => {
    const first = readShown(new URLSearchParams(), layers);
    expect([...first]).toEqual(['counties', 'alarms']);
    const search = writeShown(new URLSearchParams('z=9'), toggled(toggled(first, 'faults'), 'alarms'));
    expect([...readShown(search, layers)]).toEqual(['counties', 'faults']);
    expect(search.get('z')).toBe('9');
    expect([...readShown(writeShown(search, new Set()), layers)]).toEqual([]);
  });
});
