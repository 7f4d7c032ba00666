import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useText } from '@/i18n';
import { withUnit } from '@/i18n/format';
import { type Feature, type LonLat, useMapLayers } from '@/map/data';
import { type Bounds, boundsOf, farthestFrom } from '@/map/geometry';
import { useCountyNames } from '@/map/scene';
import type { Overlay } from '@/map/style';
import { Loading } from '@/parts/Notice';
import type { Zone } from './data';
import styles from './FootprintMap.module.css';

const MapView = lazy(() => import('@/map/MapView'));

const SHOWN = new Set(['counties', 'rivers', 'places', 'sites', 'major_hazards']);
const CLEAR = { top: 0, right: 0, bottom: 0, left: 0 };
const AROUND_DEG = 0.03;

interface Props {
  lon: number;
  lat: number;
  /** What the map is called for those who hear it. */
  name: string;
  zones: Pick<Zone, 'name' | 'rank' | 'title' | 'max_distance_m' | 'geometry'>[];
}

/** The release, its zones with their names at their far ends, and what stands around. */
export function FootprintMap({ lon, lat, name, zones }: Props) {
  const { t } = useTranslation();
  const text = useText();
  const layers = useMapLayers().data;
  const names = useCountyNames(true);
  const overlays = useMemo((): Overlay[] => {
    const origin: LonLat = [lon, lat];
    const areas = [...zones]
      .sort((one, other) => one.rank - other.rank)
      .map(
        (zone): Feature => ({
          type: 'Feature',
          geometry: zone.geometry,
          properties: { id: zone.name, rank: zone.rank, title: text(zone.title) },
        }),
      );
    const tips = zones.flatMap((zone, index): Feature[] => {
      const tip = farthestFrom({ type: 'Feature', geometry: zone.geometry, properties: {} }, origin);
      const title = `${text(zone.title)} ${withUnit(Math.round(zone.max_distance_m), 'm')}`;
      return tip
        ? [
            {
              type: 'Feature',
              geometry: { type: 'Point', coordinates: tip },
              properties: { id: `${zone.name}-${index}`, title },
            },
          ]
        : [];
    });
    const here: Feature = {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: origin },
      properties: { title: '' },
    };
    const all = (features: Feature[]) => ({ type: 'FeatureCollection' as const, features });
    return [
      names,
      { name: 'zones', symbol: 'zones', features: all(areas) },
      { name: 'release', symbol: 'release', features: all([here]) },
      { name: 'zone-names', symbol: 'zone-names', features: all(tips) },
    ];
  }, [zones, lon, lat, names, text]);
  const bounds = useMemo((): Bounds => {
    const areas = zones.map(
      (zone): Feature => ({ type: 'Feature', geometry: zone.geometry, properties: {} }),
    );
    const here: Feature = {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lon, lat] },
      properties: {},
    };
    const reached = zones.length > 0 ? boundsOf([here, ...areas]) : null;
    return reached ?? [lon - AROUND_DEG, lat - AROUND_DEG, lon + AROUND_DEG, lat + AROUND_DEG];
  }, [zones, lon, lat]);
  if (!layers) return <Loading />;
  return (
    <figure className={styles.figure}>
      <Suspense fallback={<Loading />}>
        <MapView
          label={t('incident.mapLabel', { number: name })}
          layers={layers}
          shown={SHOWN}
          overlays={overlays}
          camera={{ centre: [lon, lat], zoom: 12 }}
          bounds={bounds}
          padding={CLEAR}
        />
      </Suspense>
      {zones.length === 0 ? <figcaption>{t('incident.noZones')}</figcaption> : null}
    </figure>
  );
}
