import { describe, expect, it } from 'vitest';
import { type Palette, palettes } from './tokens';

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const onGround: (keyof Palette)[] = [
  'text',
  'muted',
  'accent',
  'red',
  'orange',
  'yellow',
  'blue',
  'normal',
  'exercise',
];
const pairs: [keyof Palette, keyof Palette][] = [
  ['redInk', 'redFill'],
  ['orangeInk', 'orangeFill'],
  ['yellowInk', 'yellowFill'],
  ['blueInk', 'blueFill'],
  ['accentInk', 'accent'],
  ['exercise', 'exerciseSoft'],
  ['normal', 'normalSoft'],
  ['red', 'redSoft'],
  ['orange', 'orangeSoft'],
  ['yellow', 'yellowSoft'],
  ['blue', 'blueSoft'],
];

describe.each(Object.entries(palettes))('%s theme', (_name, palette) => {
  it.each(onGround)('%s is readable (WCAG AA) on every ground', (name) => {
    for (const ground of ['bg', 'panel', 'raised', 'hover', 'selected'] as const) {
      expect(contrast(palette[name], palette[ground]), ground).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(pairs)('%s is readable on %s', (ink, ground) => {
    expect(contrast(palette[ink], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });
});
