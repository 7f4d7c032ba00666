import type { ReactNode } from 'react';
import type { Shape } from './levels';

/** Line icons of the product: 20 × 20, drawn with the colour of the text around them. */
const drawings = {
  alarm: <path d="M10 3a5 5 0 0 0-5 5v3.5L3.5 14h13L15 11.5V8a5 5 0 0 0-5-5ZM8 16.5a2 2 0 0 0 4 0" />,
  point: <path d="M2.5 11h3l2-6 3.5 11 2.5-7 1.2 2h2.8" />,
  enterprise: <path d="M3 17V8l4.5 3V8L12 11V4h4.5v13H3Zm3-3.2h1.5m2.5 0h1.5m2 0H15" />,
  unit: <path d="M4 16.5v-9a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v9m-13.5 0h15M7 9.5h6M7 12.5h6M10 5.5v-3" />,
  limit: <path d="M2.5 5h15m-15 10h15M3 12l4-3 3 2 4-5 3 3" />,
  gateway: <path d="M4 11.5h12v4.5H4zM7 13.8h.1M10 11.5V8M7 6a4.2 4.2 0 0 1 6 0M5 3.8a7 7 0 0 1 10 0" />,
  letter: <path d="M3 5h14v10H3zM3 6l7 5 7-5M6 18l8-16" />,
  list: <path d="M7 5h10M7 10h10M7 15h10M3.5 5h.1m-.1 5h.1m-.1 5h.1" />,
  people: (
    <path d="M7 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c0-3 2-5 5-5s5 2 5 5M13 9.5a2.5 2.5 0 1 0-1-4.8M14 12c2.3.3 4 2 4 4.5" />
  ),
  status: (
    <path d="M3 5.5A1.5 1.5 0 0 1 4.5 4h11A1.5 1.5 0 0 1 17 5.5v3H3v-3Zm0 6h14v3a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.5v-3ZM6 6.3h.1M6 13.8h.1" />
  ),
  search: <path d="M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12Zm4.5-1.5L17.5 17.5" />,
  sound: <path d="M3 8v4h3l4 3.5v-11L6 8H3Zm10-1a4 4 0 0 1 0 6m2-8.5a7.5 7.5 0 0 1 0 11" />,
  muted: <path d="M3 8v4h3l4 3.5v-11L6 8H3Zm10 0 4.5 4.5m0-4.5L13 12.5" />,
  moon: <path d="M16.5 11.5A7 7 0 0 1 8.5 3.5a7 7 0 1 0 8 8Z" />,
  sun: (
    <path d="M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM10 2v2m0 12v2M2 10h2m12 0h2M4.3 4.3l1.5 1.5m8.4 8.4 1.5 1.5m0-11.4-1.5 1.5m-8.4 8.4-1.5 1.5" />
  ),
  user: <path d="M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 7.5c0-3.5 2.7-5.5 6.5-5.5s6.5 2 6.5 5.5" />,
  keyboard: <path d="M2.5 5.5h15v9h-15zM5 8.2h.1m2.4 0h.1m2.4 0h.1m2.4 0h.1m2.3 0h.1M6.5 11.8h7" />,
  close: <path d="m5 5 10 10M15 5 5 15" />,
  back: <path d="M12.5 4 6.5 10l6 6" />,
  next: <path d="m7.5 4 6 6-6 6" />,
  download: <path d="M10 3v9.5m-4-4 4 4 4-4M3.5 16.5h13" />,
  upload: <path d="M10 12.5V3.5m-4 4 4-4 4 4M3.5 16.5h13" />,
  plus: <path d="M10 4v12M4 10h12" />,
  refresh: <path d="M16 6.5A7 7 0 1 0 17 10m-.5-6.5v3h-3" />,
  check: <path d="m4 10.5 4 4 8-9" />,
  warning: <path d="M10 3 2 16.5h16L10 3Zm0 5v4m0 2.3v.1" />,
  returned: <path d="M3 14c3 0 3-9 6.5-9S13 14 17 14m-3-3 3 3-3 3" />,
  repeat: (
    <path d="M4 9V8a2.5 2.5 0 0 1 2.5-2.5H15m-3-3 3 3-3 3M16 11v1a2.5 2.5 0 0 1-2.5 2.5H5m3 3-3-3 3-3" />
  ),
  filter: <path d="M3 4.5h14l-5.5 6.5v5l-3-1.5V11L3 4.5Z" />,
  map: <path d="m2.5 5 5-1.5 5 1.5 5-1.5v11.5l-5 1.5-5-1.5-5 1.5V5Zm5-1.5V15m5-10v11.5" />,
  layers: <path d="m10 3.5 7 3.8-7 3.7-7-3.7 7-3.8Zm-7 7 7 3.8 7-3.8M3 13.7l7 3.8 7-3.8" />,
  minus: <path d="M4 10h12" />,
  incident: <path d="M10 2.5 17.5 10 10 17.5 2.5 10 10 2.5Zm0 4V11m0 2.4v.1" />,
  mail: <path d="M3 5h14v10H3zM3 6l7 5.5L17 6" />,
  hazard: <path d="m10 2.5 6.5 3.8v7.4L10 17.5l-6.5-3.8V6.3L10 2.5Zm0 4.5v3.6m0 2.3v.1" />,
  clock: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm0-11v4l2.8 1.8" />,
  table: <path d="M3 4.5h14v11H3zM3 8.5h14M3 12h14M8 8.5v7" />,
  tank: (
    <path d="M4 6c0-1.4 2.7-2.5 6-2.5s6 1.1 6 2.5v8c0 1.4-2.7 2.5-6 2.5S4 15.4 4 14V6Zm0 0c0 1.4 2.7 2.5 6 2.5S16 7.4 16 6" />
  ),
  factory: <path d="M3 17V8l4.5 3V8L12 11V4h4.5v13H3Zm3-3.2h1.5m2.5 0h1.5m2 0H15" />,
  site: (
    <path d="M10 17.5s5.5-5 5.5-9.3a5.5 5.5 0 0 0-11 0C4.5 12.5 10 17.5 10 17.5Zm0-7.3a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z" />
  ),
  run: <path d="M3.5 16.5h13M5.5 13.5v-4m3 4v-8m3 8V8m3 5.5V4" />,
  more: <path d="M5 10h.1m4.9 0h.1m4.9 0h.1" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

export function hasIcon(name: string): name is IconName {
  return name in drawings;
}

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.4 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {drawings[name]}
    </svg>
  );
}

const shapes: Record<Shape, ReactNode> = {
  diamond: <path d="M6 .5 11.5 6 6 11.5.5 6Z" />,
  triangle: <path d="M6 1 11.6 11H.4Z" />,
  square: <path d="M1.2 1.2h9.6v9.6H1.2Z" />,
  circle: <circle cx="6" cy="6" r="5" />,
};

export function ShapeMark({ shape, size = 10 }: { shape: Shape; size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 12 12" fill="currentColor">
      {shapes[shape]}
    </svg>
  );
}
