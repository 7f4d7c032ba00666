import { describe, expect, it } from 'vitest';
import type { MapLayer } from '@/map/data';
import { HOME, readCamera, readShown, toggled, writeCamera } from './address';

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
    let search = new URLSearchParams();
    expect([...readShown(search, layers)]).toEqual(['counties', 'alarms']);
    search = toggled(search, layers, 'faults');
    search = toggled(search, layers, 'counties');
    search = toggled(search, layers, 'alarms');
    expect([...readShown(search, layers)]).toEqual(['faults']);
    search = toggled(search, layers, 'faults');
    expect([...readShown(search, layers)]).toEqual([]);
  });
});
