import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '@/design/icons';
import { palettes } from '@/design/tokens';
import { useLanguage } from '@/i18n';
import { Notice } from '@/parts/Notice';
import { usePreferences } from '@/shell/preferences';
import type { MapLayer } from './data';
import { type Camera, canDraw, Engine, type Padding, type Picked } from './engine';
import type { Bounds } from './geometry';
import styles from './MapView.module.css';
import { type Overlay, styleOf } from './style';

export interface MapViewProps {
  label: string;
  layers: MapLayer[];
  shown: ReadonlySet<string>;
  overlays: Overlay[];
  camera: Camera;
  /** What must be in sight; a new box moves the map. */
  bounds?: Bounds | null;
  maxZoom?: number;
  /** What panels cover, in CSS pixels: nothing is put under them. */
  padding: Padding;
  onMoved?: (camera: Camera) => void;
  onPicked?: (picked: Picked) => void;
}

/** The map in its box; where the browser cannot draw it, words say so. */
export default function MapView(props: MapViewProps) {
  const { t } = useTranslation();
  const [lost, setLost] = useState(() => !canDraw());
  if (lost)
    return (
      <Notice icon="warning" tone="bad" title={t('map.noDrawing')} detail={t('map.noDrawingNext')}>
        <button type="button" onClick={() => setLost(!canDraw())}>
          {t('common.retry')}
        </button>
      </Notice>
    );
  return <Drawn {...props} onLost={() => setLost(true)} />;
}

function Drawn(props: MapViewProps & { onLost: () => void }) {
  const { t } = useTranslation();
  const { layers, shown, overlays, bounds, padding, maxZoom = 15 } = props;
  const { top, right, bottom, left } = padding;
  const theme = usePreferences((state) => state.theme);
  const language = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const engine = useRef<Engine | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const style = useMemo(
    () => styleOf({ palette: palettes[theme], language, layers, shown, overlays }),
    [theme, language, layers, shown, overlays],
  );
  const wanted = useRef(style);
  wanted.current = style;

  useEffect(() => {
    if (!box.current) return;
    let made: Engine;
    try {
      made = new Engine(box.current, wanted.current, {
        camera: latest.current.camera,
        label: latest.current.label,
        onMoved: (camera) => latest.current.onMoved?.(camera),
        onPicked: (picked) => latest.current.onPicked?.(picked),
        onLost: () => latest.current.onLost(),
      });
    } catch {
      latest.current.onLost();
      return;
    }
    engine.current = made;
    return () => {
      made.destroy();
      engine.current = null;
    };
  }, []);

  const first = useRef(true);
  useEffect(() => {
    if (!first.current) engine.current?.show(style);
    first.current = false;
  }, [style]);
  useEffect(() => engine.current?.keepClearOf({ top, right, bottom, left }), [top, right, bottom, left]);
  const place = bounds?.join(',');
  useEffect(() => {
    if (place) engine.current?.fit(place.split(',').map(Number) as Bounds, maxZoom);
  }, [place, maxZoom]);

  return (
    <div className={styles.frame}>
      <div ref={box} className={styles.map} data-map />
      <div className={styles.zoom} style={{ right: right + 12, bottom: bottom + 16 }}>
        <button type="button" aria-label={t('map.zoomIn')} onClick={() => engine.current?.zoomBy(1)}>
          <Icon name="plus" />
        </button>
        <button type="button" aria-label={t('map.zoomOut')} onClick={() => engine.current?.zoomBy(-1)}>
          <Icon name="minus" />
        </button>
      </div>
    </div>
  );
}
