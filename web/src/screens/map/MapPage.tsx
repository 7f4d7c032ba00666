import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearchParams } from 'react-router';
import { Icon } from '@/design/icons';
import { fullTime } from '@/i18n/format';
import { useConnection } from '@/live/hub';
import { type MapLayer, useMapLayers } from '@/map/data';
import type { Camera, Padding, Picked } from '@/map/engine';
import { COUNTIES, useAlarmMarks, useCountyNames } from '@/map/scene';
import { ALARMS } from '@/map/style';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { useNarrow } from '@/parts/narrow';
import { useImportTargets } from '@/screens/imports/data';
import { readCamera, readShown, toggled, writeCamera, writeShown } from './address';
import { LayerPanel } from './LayerPanel';
import styles from './MapPage.module.css';
import { PickedCard } from './PickedCard';

const MapView = lazy(() => import('@/map/MapView'));

const PANEL_PX = 312;
const CARD_PX = 340;
const BOUNDARIES = 'boundaries';

/** 一张图: every layer of the region on one map, with its source and its time, and live alarms above all. */
export default function MapPage() {
  const layers = useMapLayers();
  if (layers.error && !layers.data)
    return <ProblemNotice error={layers.error} onRetry={() => void layers.refetch()} />;
  if (!layers.data) return <Loading />;
  return <Loaded layers={layers.data} />;
}

function Loaded({ layers }: { layers: MapLayer[] }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const narrow = useNarrow();
  const [open, setOpen] = useState(!narrow);
  const [picked, setPicked] = useState<Picked | null>(null);
  // the address follows: while it is being written a switch would for a moment fall back
  const [shown, setShown] = useState<ReadonlySet<string>>(() => readShown(search, layers));
  const camera = useRef(readCamera(search));
  const phase = useConnection((state) => state.phase);
  const heardAt = useConnection((state) => state.heardAt);
  const names = useCountyNames(shown.has(COUNTIES));
  const alarms = useAlarmMarks(shown.has(ALARMS));
  const overlays = useMemo(() => [names, alarms.overlay], [names, alarms.overlay]);
  const padding = useMemo(
    (): Padding =>
      narrow
        ? { top: 0, left: 0, right: 0, bottom: 0 }
        : { top: 0, bottom: 0, left: open ? PANEL_PX : 0, right: picked ? CARD_PX : 0 },
    [narrow, open, picked],
  );
  const { pathname } = useLocation();
  const moved = useCallback(
    (to: Camera) => {
      // somebody who has just left is still moved while the next screen loads: that address is not the map's
      if (window.location.pathname !== pathname) return;
      setSearch((previous) => writeCamera(previous, to), { replace: true });
    },
    [pathname, setSearch],
  );
  const pick = useCallback(
    (found: Picked) => {
      setPicked(found);
      if (narrow) setOpen(false);
    },
    [narrow],
  );
  const toggle = useCallback(
    (name: string) => {
      const next = toggled(shown, name);
      setShown(next);
      setSearch((previous) => writeShown(previous, next), { replace: true });
    },
    [shown, setSearch],
  );
  const mayImport = useImportTargets().data?.some(({ name }) => name === BOUNDARIES) ?? false;
  const unbounded = layers.some(({ name, source }) => name === COUNTIES && source === '');
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{t('nav.map')}</h1>
      <div className={styles.map}>
        <Suspense fallback={<Loading />}>
          <MapView
            label={t('map.label')}
            layers={layers}
            shown={shown}
            overlays={overlays}
            camera={camera.current}
            padding={padding}
            onMoved={moved}
            onPicked={pick}
          />
        </Suspense>
      </div>
      {open ? (
        <LayerPanel
          layers={layers}
          shown={shown}
          alarms={alarms}
          onToggle={toggle}
          onClose={() => setOpen(false)}
        />
      ) : (
        <button
          type="button"
          className={styles.opener}
          onClick={() => {
            setOpen(true);
            if (narrow) setPicked(null);
          }}
        >
          <Icon name="layers" /> {t('map.layers')}
        </button>
      )}
      {picked ? <PickedCard picked={picked} layers={layers} onClose={() => setPicked(null)} /> : null}
      <div className={styles.notices}>
        {phase === 'stale' ? <p data-bad>{t('map.stale', { time: fullTime(heardAt) })}</p> : null}
        {unbounded ? (
          <p>
            {t('map.noBoundaries')}{' '}
            {mayImport ? <Link to={`/import?target=${BOUNDARIES}`}>{t('imports.title')}</Link> : null}
          </p>
        ) : null}
      </div>
    </div>
  );
}
