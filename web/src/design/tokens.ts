/**
 * The design tokens: the only place where a colour or a measure of the product is written down.
 * CSS reads them as `var(--name)` (see `applyTheme`), antd and ECharts through `theme.ts` and `charts/`.
 * Contrast on the panel of the same theme is at least 4.5:1 for every text colour.
 */
export interface Palette {
  bg: string;
  panel: string;
  raised: string;
  hover: string;
  selected: string;
  line: string;
  lineStrong: string;
  text: string;
  muted: string;
  accent: string;
  accentInk: string;
  accentSoft: string;
  red: string;
  redFill: string;
  redInk: string;
  redSoft: string;
  orange: string;
  orangeFill: string;
  orangeInk: string;
  orangeSoft: string;
  yellow: string;
  yellowFill: string;
  yellowInk: string;
  yellowSoft: string;
  blue: string;
  blueFill: string;
  blueInk: string;
  blueSoft: string;
  normal: string;
  normalSoft: string;
  offline: string;
  exercise: string;
  exerciseSoft: string;
  series: string;
  seriesBand: string;
}

export type ThemeName = 'dark' | 'light';

export const palettes: Record<ThemeName, Palette> = {
  dark: {
    bg: '#081018',
    panel: '#0c1824',
    raised: '#11202f',
    hover: '#13263a',
    selected: '#10283f',
    line: '#1f3a52',
    lineStrong: '#34546f',
    text: '#e6f0f8',
    muted: '#8aa4ba',
    accent: '#3aa0ff',
    accentInk: '#06111c',
    accentSoft: '#10304e',
    red: '#ff4d5e',
    redFill: '#ff4d5e',
    redInk: '#081018',
    redSoft: '#32141e',
    orange: '#ff8f2e',
    orangeFill: '#ff8f2e',
    orangeInk: '#081018',
    orangeSoft: '#33210f',
    yellow: '#f2c832',
    yellowFill: '#f2c832',
    yellowInk: '#14202b',
    yellowSoft: '#2c2810',
    blue: '#4a9bff',
    blueFill: '#4a9bff',
    blueInk: '#081018',
    blueSoft: '#0f2844',
    normal: '#27c29a',
    normalSoft: '#0d2c2a',
    offline: '#6b7c8c',
    exercise: '#c9a6ff',
    exerciseSoft: '#251d3d',
    series: '#9fc3e0',
    seriesBand: '#3d6488',
  },
  light: {
    bg: '#f4f6f9',
    panel: '#ffffff',
    raised: '#f8fafc',
    hover: '#eef3f8',
    selected: '#e8f1fc',
    line: '#d9e0e8',
    lineStrong: '#b3c0cd',
    text: '#14202b',
    muted: '#56677a',
    accent: '#1257b0',
    accentInk: '#ffffff',
    accentSoft: '#e3eefb',
    red: '#c8102e',
    redFill: '#c8102e',
    redInk: '#ffffff',
    redSoft: '#fdecef',
    orange: '#b84a00',
    orangeFill: '#b84a00',
    orangeInk: '#ffffff',
    orangeSoft: '#fdf0e6',
    yellow: '#7a5c00',
    yellowFill: '#f2c832',
    yellowInk: '#14202b',
    yellowSoft: '#fdf7df',
    blue: '#1257b0',
    blueFill: '#1257b0',
    blueInk: '#ffffff',
    blueSoft: '#e7f0fb',
    normal: '#0b7a5c',
    normalSoft: '#e5f5ef',
    offline: '#7b8794',
    exercise: '#6a35b8',
    exerciseSoft: '#f2ebfd',
    series: '#2f5f8a',
    seriesBand: '#a9c3da',
  },
};

/** Measures in CSS pixels on the 8 px grid; `--scale` enlarges everything for a wall display. */
export const measures = {
  fontBase: 14,
  fontDense: 13,
  fontMin: 12,
  fontFigure: 20,
  space: 8,
  radius: 5,
  header: 48,
  rail: 64,
  row: 56,
  tableRow: 32,
} as const;

export const fontStack =
  'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif';

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The CSS declarations of one theme. */
export function declarations(theme: ThemeName): string {
  const colours = Object.entries(palettes[theme]).map(([name, value]) => `--${kebab(name)}: ${value};`);
  const sizes = Object.entries(measures).map(([name, value]) => `--${kebab(name)}: ${value}px;`);
  return [...colours, ...sizes, `--font: ${fontStack};`, `color-scheme: ${theme};`].join(' ');
}

/** Puts the theme's variables on the document's root. */
export function applyTheme(theme: ThemeName): void {
  let sheet = document.getElementById('tokens');
  if (!sheet) {
    sheet = document.createElement('style');
    sheet.id = 'tokens';
    document.head.prepend(sheet);
  }
  sheet.textContent = `:root { ${declarations(theme)} }`;
  document.documentElement.dataset.theme = theme;
}
