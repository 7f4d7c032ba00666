/** The only module that knows MapLibre: one map in one element, described by a whole style at a time. */
import 'maplibre-gl/dist/maplibre-gl.css';
import * as maplibre from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { fontStack } from '@/design/tokens';
import type { LonLat } from './data';
import type { Bounds } from './geometry';
import { drawMark, MARK_RATIO } from './icons';

maplibre.setWorkerUrl(workerUrl);

export type Style = maplibre.StyleSpecification;
export type StyleLayer = maplibre.LayerSpecification;
export type Source = maplibre.SourceSpecification;
export type Expression = maplibre.ExpressionSpecification;

export interface Camera {
  centre: LonLat;
  zoom: number;
}

export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface Picked {
  at: LonLat;
  features: { layer: string; properties: Record<string, unknown> }[];
}

interface Wishes {
  camera: Camera;
  label: string;
  onMoved: (camera: Camera) => void;
  onPicked: (picked: Picked) => void;
  onLost: () => void;
}

const NEAR_PX = 6;

/** Whether this browser can draw the map at all. */
export function canDraw(): boolean {
  try {
    return document.createElement('canvas').getContext('webgl2') !== null;
  } catch {
    return false;
  }
}

export class Engine {
  private readonly map: maplibre.Map;

  constructor(
    private readonly element: HTMLElement,
    style: Style,
    wishes: Wishes,
  ) {
    this.map = new maplibre.Map({
      container: element,
      style,
      center: wishes.camera.centre,
      zoom: wishes.camera.zoom,
      minZoom: 4,
      maxZoom: 18,
      maxPitch: 0,
      dragRotate: false,
      attributionControl: false,
      fadeDuration: 0,
      localIdeographFontFamily: fontStack,
      renderWorldCopies: false,
      locale: { 'Map.Title': wishes.label },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new maplibre.ScaleControl({ maxWidth: 120 }), 'bottom-left');
    this.map.setMissingStyleImageResolver((name) => {
      const mark = drawMark(name, fontStack);
      if (mark && !this.map.hasImage(name)) this.map.addImage(name, mark, { pixelRatio: MARK_RATIO });
    });
    this.map.on('moveend', () => wishes.onMoved(this.camera()));
    this.map.on('click', (event) => wishes.onPicked(this.picked(event.point, event.lngLat)));
    this.map.on('webglcontextlost', wishes.onLost);
    this.map.on('idle', () => this.tellWhatIsDrawn());
    // a tile that fails is asked for again on the next move; the layer list says what is not there
    this.map.on('error', () => undefined);
  }

  private camera(): Camera {
    const { lng, lat } = this.map.getCenter();
    return { centre: [lng, lat], zoom: this.map.getZoom() };
  }

  private picked({ x, y }: maplibre.Point, { lng, lat }: maplibre.LngLat): Picked {
    const box: [[number, number], [number, number]] = [
      [x - NEAR_PX, y - NEAR_PX],
      [x + NEAR_PX, y + NEAR_PX],
    ];
    const seen = new Set<string>();
    const features = this.map.queryRenderedFeatures(box).flatMap((feature) => {
      const { id } = feature.properties as { id?: string };
      const key = `${feature.source} ${id ?? JSON.stringify(feature.properties)}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ layer: feature.source, properties: feature.properties as Record<string, unknown> }];
    });
    return { at: [lng, lat], features };
  }

  /** How many features of each source stand on the screen: for tests, and for whoever looks for a fault. */
  private tellWhatIsDrawn(): void {
    const counts = new Map<string, number>();
    for (const feature of this.map.queryRenderedFeatures())
      counts.set(feature.source, (counts.get(feature.source) ?? 0) + 1);
    this.element.dataset.drawn =
      [...counts].map(([source, count]) => `${source}:${count}`).join(' ') || 'nothing';
  }

  show(style: Style): void {
    delete this.element.dataset.drawn;
    this.map.setStyle(style, { diff: true });
    this.map.triggerRepaint();
  }

  keepClearOf(padding: Padding): void {
    this.map.setPadding(padding);
  }

  fit([west, south, east, north]: Bounds, maxZoom: number): void {
    this.map.fitBounds([west, south, east, north], { padding: 64, maxZoom, animate: false });
  }

  zoomBy(steps: number): void {
    this.map.zoomTo(this.map.getZoom() + steps, { duration: 150 });
  }

  destroy(): void {
    this.map.remove();
  }
}
