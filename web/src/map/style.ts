import type { FeatureCollection } from 'geojson';
import type { Palette } from '@/design/tokens';
import type { Features, MapLayer } from './data';
import type { Expression, Source, Style, StyleLayer } from './engine';
import { markName } from './icons';

export const COUNTY_NAMES = 'county-names';
export const ALARMS = 'alarms';

/** GeoJSON that a screen itself lays over the layers of the server. */
export interface Overlay {
  name: string;
  features: Features;
  symbol: 'zones' | 'zone-names' | 'release' | 'alarms' | 'county-names' | 'extent' | 'rows';
}

export interface Scene {
  palette: Palette;
  language: 'zh-CN' | 'en';
  layers: MapLayer[];
  shown: ReadonlySet<string>;
  overlays: Overlay[];
}

type Build = (name: string, scene: Scene) => Partial<StyleLayer>[];

const FONT = ['Noto Sans CJK SC'];
const BOLD = ['Noto Sans CJK SC Bold'];

function title(language: string): Expression {
  return language === 'en'
    ? ['coalesce', ['get', 'title_en'], ['get', 'title'], '']
    : ['coalesce', ['get', 'title'], ''];
}

function words(scene: Scene, size: number, more: object = {}): object {
  return { 'text-field': title(scene.language), 'text-font': FONT, 'text-size': size, ...more };
}

function ink({ palette }: Scene, colour: string, width = 1.4): object {
  return { 'text-color': colour, 'text-halo-color': palette.bg, 'text-halo-width': width };
}

/** The colour of a toxic zone: AEGL-3 red, -2 orange, -1 yellow; fixed in every legend. */
function zoneColour({ palette }: Scene, part: 'line' | 'fill'): Expression {
  const yellow = part === 'fill' ? palette.yellowFill : palette.yellow;
  return ['match', ['get', 'rank'], 3, palette.red, 2, palette.orange, yellow];
}

const zones: Build = (_, scene) => [
  {
    type: 'fill',
    paint: {
      'fill-color': zoneColour(scene, 'fill'),
      'fill-opacity': ['match', ['get', 'rank'], 3, 0.34, 2, 0.26, 0.2],
    },
  },
  { type: 'line', paint: { 'line-color': zoneColour(scene, 'line'), 'line-width': 1.8 } },
];

const MOST_URGENT = 'rank';

/** A mark by the value of a property, with the letter that doubles its colour. */
function marks(property: string, by: Record<string, string>, other: string): Expression {
  return ['match', ['to-string', ['get', property]], ...Object.entries(by).flat(), other] as Expression;
}

export const HAZARD_LETTERS: Record<string, string> = { '1': '一', '2': '二', '3': '三', '4': '四' };
export const SITE_LETTERS: Record<string, string> = {
  school: '学',
  hospital: '医',
  village: '村',
  care_home: '养',
  team: '队',
  depot: '库',
  shelter: '避',
};
const HELPING = new Set(['team', 'depot', 'shelter']);

/** The graver the stronger, in one quiet hue: a hazard's level is no alarm, and red stays with alarms. */
function hazardTones(level: string, palette: Palette): [fill: string, edge: string, ink: string] {
  if (level === '1') return [palette.text, palette.bg, palette.bg];
  if (level === '2') return [palette.series, palette.bg, palette.bg];
  return [level === '3' ? palette.seriesBand : palette.lineStrong, palette.bg, palette.text];
}

/** What a mark of a class looks like, in the legend as on the map; null for a layer without marks. */
export function markOf(symbol: string, value: string, palette: Palette): string | null {
  if (symbol === 'hazard')
    return markName('hexagon', ...hazardTones(value, palette), HAZARD_LETTERS[value] ?? '');
  if (symbol === 'site') {
    const fill = HELPING.has(value) ? palette.normal : palette.panel;
    const letter = HELPING.has(value) ? palette.panel : palette.text;
    return markName('circle', fill, palette.muted, letter, SITE_LETTERS[value] ?? '');
  }
  if (symbol === 'risk') {
    const [form, tone] = RISK_FORMS[value] ?? ['circle', null];
    return tone === null
      ? markName(form, palette.panel, palette.muted, palette.text)
      : markName(form, palette[`${tone}Fill`], palette.bg, palette[`${tone}Ink`]);
  }
  if (symbol === 'incident') return markName('square', palette.text, palette.red, palette.bg, '!');
  return null;
}

const RISK_FORMS: Record<string, [form: 'diamond' | 'triangle' | 'square' | 'circle', tone: WarningTone]> = {
  major: ['diamond', 'red'],
  considerable: ['triangle', 'orange'],
  general: ['square', 'yellow'],
  low: ['circle', 'blue'],
};
type WarningTone = 'red' | 'orange' | 'yellow' | 'blue';

/** The tint of a division by its risk, and none for one that reaches no level. */
function riskTint({ palette }: Scene): Expression {
  const tones = Object.entries(RISK_FORMS).map(([level, [, tone]]) => [level, palette[`${tone}Fill`]]);
  return ['match', ['to-string', ['get', 'level']], ...tones.flat(), 'rgba(0,0,0,0)'] as Expression;
}

const alarmForms: Record<string, [string, 'red' | 'orange' | 'blue']> = {
  '1': ['diamond', 'red'],
  '2': ['triangle', 'orange'],
  '3': ['circle', 'blue'],
};

export function alarmMark(level: string, palette: Palette): string {
  const [form, tone] = alarmForms[level] ?? ['circle', 'blue'];
  return markName(form, palette[`${tone}Fill`], palette.bg, palette[`${tone}Ink`]);
}

const icons = (size: number | Expression): object => ({
  'icon-size': size,
  'icon-allow-overlap': true,
  'icon-padding': 1,
  'text-optional': true,
});

const builds: Record<string, Build> = {
  boundary: (_, scene) => [
    { type: 'fill', paint: { 'fill-color': scene.palette.panel } },
    { type: 'line', paint: { 'line-color': scene.palette.lineStrong, 'line-width': 1 } },
  ],
  river: (_, scene) => [
    {
      type: 'line',
      paint: {
        'line-color': scene.palette.seriesBand,
        'line-width': ['interpolate', ['linear'], ['zoom'], 6, 0.8, 12, 2.4],
        'line-opacity': 0.8,
      },
    },
    {
      type: 'symbol',
      minzoom: 8,
      layout: words(scene, 12, { 'symbol-placement': 'line', 'symbol-spacing': 400 }),
      paint: ink(scene, scene.palette.series),
    },
  ],
  road: (_, scene) => [
    {
      type: 'line',
      paint: {
        'line-color': scene.palette.muted,
        'line-width': ['interpolate', ['linear'], ['zoom'], 6, 0.6, 12, 1.8],
      },
    },
    {
      type: 'symbol',
      minzoom: 10,
      layout: words(scene, 11, { 'symbol-placement': 'line', 'symbol-spacing': 400 }),
      paint: ink(scene, scene.palette.muted),
    },
  ],
  fault: (_, scene) => [
    {
      type: 'line',
      paint: { 'line-color': scene.palette.exercise, 'line-width': 1.2, 'line-dasharray': [4, 2] },
    },
    {
      type: 'symbol',
      minzoom: 7,
      layout: words(scene, 12, { 'symbol-placement': 'line', 'symbol-spacing': 500 }),
      paint: ink(scene, scene.palette.exercise),
    },
  ],
  place: (_, scene) => [
    {
      type: 'circle',
      paint: {
        'circle-radius': 2.2,
        'circle-color': scene.palette.muted,
        'circle-stroke-width': 1,
        'circle-stroke-color': scene.palette.bg,
      },
    },
    {
      type: 'symbol',
      minzoom: 8,
      layout: words(scene, 12, { 'text-anchor': 'left', 'text-offset': [0.5, 0], 'text-padding': 6 }),
      paint: ink(scene, scene.palette.muted),
    },
  ],
  earthquake: (_, scene) => [
    {
      type: 'circle',
      paint: {
        'circle-radius': [
          'interpolate',
          ['linear'],
          ['to-number', ['get', 'magnitude'], 4],
          3,
          2,
          6,
          7,
          8,
          16,
        ],
        'circle-color': scene.palette.exercise,
        'circle-opacity': 0.18,
        'circle-stroke-width': 1.2,
        'circle-stroke-color': scene.palette.exercise,
      },
    },
  ],
  footprint: (name, scene) => [
    ...zones(name, scene),
    {
      type: 'symbol',
      layout: words(scene, 12, { 'symbol-placement': 'line', 'symbol-spacing': 260 }),
      paint: ink(scene, scene.palette.text),
    },
  ],
  site: (_, scene) => [
    {
      type: 'symbol',
      layout: {
        'icon-image': marks(
          'kind',
          Object.fromEntries(
            Object.keys(SITE_LETTERS).map((kind) => [kind, markOf('site', kind, scene.palette) ?? '']),
          ),
          markOf('site', '', scene.palette) ?? '',
        ),
        ...icons(0.72),
        'icon-allow-overlap': false,
        ...words(scene, 12, { 'text-anchor': 'top', 'text-offset': [0, 0.9] }),
      },
      paint: ink(scene, scene.palette.muted),
    },
  ],
  hazard: (_, scene) => [
    {
      type: 'symbol',
      layout: {
        'icon-image': marks(
          'level',
          Object.fromEntries(
            Object.keys(HAZARD_LETTERS).map((level) => [level, markOf('hazard', level, scene.palette) ?? '']),
          ),
          markOf('hazard', '', scene.palette) ?? '',
        ),
        ...icons(['interpolate', ['linear'], ['zoom'], 6, 0.42, 9, 0.7, 12, 0.85]),
        'symbol-sort-key': ['-', 9, ['to-number', ['get', 'level'], 9]],
      },
    },
    {
      type: 'symbol',
      minzoom: 11,
      layout: words(scene, 12, { 'text-anchor': 'top', 'text-offset': [0, 0.9] }),
      paint: ink(scene, scene.palette.text),
    },
  ],
  risk: (_, scene) => [
    { type: 'fill', paint: { 'fill-color': riskTint(scene), 'fill-opacity': 0.22 } },
    {
      type: 'symbol',
      filter: ['==', ['geometry-type'], 'Point'],
      layout: {
        'icon-image': marks(
          'level',
          Object.fromEntries(
            Object.keys(RISK_FORMS).map((level) => [level, markOf('risk', level, scene.palette) ?? '']),
          ),
          markOf('risk', '', scene.palette) ?? '',
        ),
        ...icons(0.7),
      },
    },
  ],
  incident: (_, scene) => [
    {
      type: 'symbol',
      layout: {
        'icon-image': markOf('incident', '', scene.palette) ?? '',
        ...icons(1),
        ...words(scene, 13, { 'text-anchor': 'bottom', 'text-offset': [0, -1], 'text-font': BOLD }),
      },
      paint: ink(scene, scene.palette.text, 1.8),
    },
  ],
  zones,
  'zone-names': (_, scene) => [
    {
      type: 'symbol',
      layout: words(scene, 13, {
        'text-font': BOLD,
        'text-allow-overlap': true,
        'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
        'text-radial-offset': 0.5,
        'text-max-width': 20,
      }),
      paint: ink(scene, scene.palette.text, 2),
    },
  ],
  release: (_, scene) => [
    {
      type: 'symbol',
      layout: { 'icon-image': markOf('incident', '', scene.palette) ?? '', ...icons(0.9) },
    },
  ],
  alarms: (_, scene) => [
    {
      type: 'symbol',
      layout: {
        'icon-image': marks(
          'level',
          Object.fromEntries(
            Object.keys(alarmForms).map((level) => [level, alarmMark(level, scene.palette)]),
          ),
          alarmMark('3', scene.palette),
        ),
        ...icons(0.95),
        'symbol-sort-key': ['-', 9, ['get', MOST_URGENT]],
        'icon-offset': [0, -20],
        'text-field': ['case', ['>', ['get', 'count'], 1], ['to-string', ['get', 'count']], ''],
        'text-font': BOLD,
        'text-size': 12,
        'text-anchor': 'left',
        'text-offset': [1, -1.6],
        'text-allow-overlap': true,
      },
      paint: ink(scene, scene.palette.text, 1.8),
    },
  ],
  extent: (_, scene) => [
    {
      type: 'line',
      paint: { 'line-color': scene.palette.accent, 'line-width': 1.6, 'line-dasharray': [4, 3] },
    },
  ],
  rows: (_, scene) => [
    {
      type: 'circle',
      paint: {
        'circle-radius': 5,
        'circle-color': scene.palette.accent,
        'circle-stroke-width': 1.5,
        'circle-stroke-color': scene.palette.bg,
      },
    },
    {
      type: 'symbol',
      layout: words(scene, 12, { 'text-anchor': 'left', 'text-offset': [0.8, 0], 'text-font': BOLD }),
      paint: ink(scene, scene.palette.text, 2),
    },
  ],
  'county-names': (_, scene) => [
    {
      type: 'symbol',
      layout: words(scene, 13, { 'text-padding': 4 }),
      paint: ink(scene, scene.palette.muted),
    },
  ],
};

const plain: Record<MapLayer['shape'], Build> = {
  area: zones,
  line: builds.fault as Build,
  point: builds.place as Build,
};

function tiles(layer: MapLayer): Source {
  return {
    type: 'vector',
    tiles: [`${window.location.origin}/api/map/tiles/${layer.name}/{z}/{x}/{y}`],
    minzoom: layer.min_zoom,
    maxzoom: Math.max(14, layer.min_zoom),
  };
}

/** Everything on the map as one style: the layers that are shown from the ground up, then the screen's own. */
export function styleOf(scene: Scene): Style {
  const sources: Record<string, Source> = {};
  const layers: StyleLayer[] = [
    { id: 'ground', type: 'background', paint: { 'background-color': scene.palette.bg } },
  ];
  const add = (name: string, build: Build, extra: object): void => {
    build(name, scene).forEach((layer, index) => {
      layers.push({ id: `${name} ${index}`, source: name, ...extra, ...layer } as StyleLayer);
    });
  };
  for (const overlay of scene.overlays)
    sources[overlay.name] = { type: 'geojson', data: overlay.features as FeatureCollection };
  for (const layer of scene.layers.filter(({ name }) => scene.shown.has(name))) {
    sources[layer.name] = tiles(layer);
    const build = builds[layer.symbol] ?? plain[layer.shape];
    add(layer.name, build, { 'source-layer': layer.name });
    if (layer.symbol !== 'boundary') continue;
    for (const overlay of scene.overlays.filter(({ symbol }) => symbol === 'county-names'))
      add(overlay.name, builds['county-names'] as Build, {});
  }
  for (const overlay of scene.overlays.filter(({ symbol }) => symbol !== 'county-names'))
    add(overlay.name, builds[overlay.symbol] as Build, {});
  return { version: 8, sources, layers };
}
