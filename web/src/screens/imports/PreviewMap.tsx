import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMapLayers } from '@/map/data';
import type { Bounds } from '@/map/geometry';
import MapView from '@/map/MapView';
import { useCountyNames } from '@/map/scene';
import type { Overlay } from '@/map/style';
import { Loading } from '@/parts/Notice';
import type { FoundRow } from './data';
import styles from './FindingsView.module.css';
import { frameOf, placesOf } from './findings';

const SHOWN = new Set(['counties', 'rivers', 'places']);
const CLEAR = { top: 0, right: 0, bottom: 0, left: 0 };

/** Where the rows lie once they are WGS-84: the frame of all, the places of the first. */
export default function PreviewMap({ bounds, rows }: { bounds: Bounds; rows: FoundRow[] }) {
  const { t } = useTranslation();
  const layers = useMapLayers().data;
  const names = useCountyNames(true);
  const overlays = useMemo(
    (): Overlay[] => [
      names,
      {
        name: 'import-extent',
        symbol: 'extent',
        features: { type: 'FeatureCollection', features: frameOf(bounds) },
      },
      {
        name: 'import-rows',
        symbol: 'rows',
        features: { type: 'FeatureCollection', features: placesOf(rows) },
      },
    ],
    [names, bounds, rows],
  );
  if (!layers) return <Loading />;
  const placed = rows.filter(({ place }) => place !== null).length;
  return (
    <figure className={styles.map}>
      <div>
        <MapView
          label={t('imports.onMap')}
          layers={layers}
          shown={SHOWN}
          overlays={overlays}
          camera={{ centre: [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2], zoom: 8 }}
          bounds={bounds}
          maxZoom={13}
          padding={CLEAR}
        />
      </div>
      <figcaption>{t('imports.mapNote', { count: placed })}</figcaption>
    </figure>
  );
}
