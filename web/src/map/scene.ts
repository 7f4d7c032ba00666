import { useMemo } from 'react';
import { lookOf } from '@/design/levels';
import { useOpenAlarms } from '@/screens/alarms/data';
import { type Feature, type Features, NO_FEATURES, useFeatures } from './data';
import { labelPlace } from './geometry';
import { ALARMS, COUNTY_NAMES, type Overlay } from './style';

export const COUNTIES = 'counties';
export const HAZARDS = 'major_hazards';

/** The names of the counties, once each, where a tile's own label would repeat at every tile. */
export function useCountyNames(enabled: boolean): Overlay {
  const counties = useFeatures(COUNTIES, enabled).data;
  return useMemo(() => {
    const features = (counties?.features ?? []).flatMap((county): Feature[] => {
      const place = labelPlace(county);
      return place
        ? [
            {
              type: 'Feature',
              geometry: { type: 'Point', coordinates: place },
              properties: county.properties,
            },
          ]
        : [];
    });
    return { name: COUNTY_NAMES, symbol: 'county-names', features: { type: 'FeatureCollection', features } };
  }, [counties]);
}

export interface PlacedAlarms {
  overlay: Overlay;
  placed: number;
  /** Open alarms of enterprises whose place is not known. */
  unplaced: number;
}

/** Open alarms at the place of their enterprise's major hazards, one mark each with the most urgent level. */
export function useAlarmMarks(shown: boolean): PlacedAlarms {
  const alarms = useOpenAlarms().data?.rows;
  const hazards = useFeatures(HAZARDS).data;
  return useMemo(() => {
    const places = new Map<unknown, unknown>();
    for (const hazard of hazards?.features ?? [])
      if (!places.has(hazard.properties.enterprise_id))
        places.set(hazard.properties.enterprise_id, hazard.geometry.coordinates);
    const marks = new Map<string, Feature>();
    let unplaced = 0;
    for (const alarm of alarms ?? []) {
      const place = places.get(alarm.enterprise_id);
      if (place === undefined) {
        unplaced += 1;
        continue;
      }
      const rank = lookOf(alarm.level).rank;
      const known = marks.get(alarm.enterprise_id);
      const count = Number(known?.properties.count ?? 0) + 1;
      const worst = known && Number(known.properties.rank) <= rank ? known.properties : null;
      marks.set(alarm.enterprise_id, {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: place },
        properties: {
          id: worst?.id ?? alarm.id,
          title: alarm.enterprise_name,
          level: worst?.level ?? alarm.level,
          rank: worst?.rank ?? rank,
          synthetic: alarm.synthetic || known?.properties.synthetic === true,
          exercise: alarm.exercise || known?.properties.exercise === true,
          count,
        },
      });
    }
    const features: Features = shown
      ? { type: 'FeatureCollection', features: [...marks.values()] }
      : NO_FEATURES;
    const placed = (alarms?.length ?? 0) - unplaced;
    return { overlay: { name: ALARMS, symbol: 'alarms', features }, placed, unplaced };
  }, [alarms, hazards, shown]);
}
