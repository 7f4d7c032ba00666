import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMeta, useRegionName } from '@/api/meta';
import { Icon } from '@/design/icons';
import { LevelChip } from '@/design/LevelChip';
import { useLanguage, useText } from '@/i18n';
import { figure, withUnit } from '@/i18n/format';
import { type LonLat, type MapLayer, useCounty, useNear } from '@/map/data';
import type { Picked } from '@/map/engine';
import { HAZARDS } from '@/map/scene';
import { ALARMS, COUNTY_NAMES } from '@/map/style';
import { Marks } from '@/parts/Marks';
import styles from './PickedCard.module.css';

interface Props {
  picked: Picked;
  layers: MapLayer[];
  onClose: () => void;
}

const RADIUS_M = 5000;
const MOST_NEAR = 6;
const UNDERGROUND = new Set(['counties', COUNTY_NAMES]);

/** What stands where the map was clicked, which county that is, and what lies around it. */
export function PickedCard({ picked, layers, onClose }: Props) {
  const { t } = useTranslation();
  const region = useRegionName();
  const county = useCounty(picked.at);
  const [lon, lat] = picked.at;
  const things = picked.features.filter(({ layer }) => !UNDERGROUND.has(layer));
  return (
    <aside className={styles.card} aria-label={t('map.here')}>
      <header>
        <h2>{county.data?.region ? region(county.data.region) : t('map.outside')}</h2>
        <button type="button" aria-label={t('common.close')} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <p className={styles.place}>{t('map.place', { lon: lon.toFixed(5), lat: lat.toFixed(5) })}</p>
      <ul className={styles.things}>
        {things.map(({ layer, properties }) => (
          <Thing
            key={`${layer} ${String(properties.id ?? properties.title)}`}
            layer={layers.find(({ name }) => name === layer)}
            name={layer}
            properties={properties}
          />
        ))}
      </ul>
      {['sites', HAZARDS].map((name) => {
        const layer = layers.find((one) => one.name === name);
        return layer ? <Around key={name} layer={layer} at={picked.at} /> : null;
      })}
    </aside>
  );
}

/** The page of a feature's object; null when it has none that this person may open. */
function usePageOf(
  layer: MapLayer | undefined,
  name: string,
): (properties: Record<string, unknown>) => string | null {
  const { resources } = useMeta();
  const target = resources.find((resource) => resource.name === layer?.link);
  return (properties) => {
    if (name === ALARMS) return `/alarms/${String(properties.id)}`;
    if (properties.incident_id) return `/incidents/${String(properties.incident_id)}`;
    if (properties.enterprise_id) return `/enterprises/${String(properties.enterprise_id)}`;
    return target && properties.id ? `/${target.plural}/${String(properties.id)}` : null;
  };
}

function Thing({
  layer,
  name,
  properties,
}: {
  layer: MapLayer | undefined;
  name: string;
  properties: Record<string, unknown>;
}) {
  const { t } = useTranslation();
  const text = useText();
  const language = useLanguage();
  const page = usePageOf(layer, name)(properties);
  const title = String((language === 'en' && properties.title_en) || properties.title || '');
  const kind = layer?.classes.find(({ value }) => value === properties[layer.class_property ?? '']);
  return (
    <li>
      <small>
        {layer ? text(layer.title) : t('map.alarms')}
        {kind ? ` · ${text(kind.label)}` : null}
      </small>
      <p>{page ? <Link to={page}>{title}</Link> : title}</p>
      <p className={styles.facts}>
        {name === ALARMS ? <LevelChip level={String(properties.level)} ladder="AlarmLevel" /> : null}
        {typeof properties.enterprise === 'string' ? <span>{properties.enterprise}</span> : null}
        {typeof properties.r === 'number' ? <span>R {figure(properties.r)}</span> : null}
        {typeof properties.persons === 'number' ? (
          <span>{t('map.persons', { count: properties.persons })}</span>
        ) : null}
        {typeof properties.max_distance_m === 'number' ? (
          <span>{withUnit(Math.round(properties.max_distance_m), 'm')}</span>
        ) : null}
        {typeof properties.level === 'number' ? (
          <span>{withUnit(properties.level, String(properties.unit ?? ''))}</span>
        ) : null}
        <Marks of={{ synthetic: properties.synthetic === true, exercise: properties.exercise === true }} />
      </p>
    </li>
  );
}

function Around({ layer, at }: { layer: MapLayer; at: LonLat }) {
  const { t } = useTranslation();
  const text = useText();
  const found = useNear(layer.name, at, RADIUS_M, true).data;
  const pageOf = usePageOf(layer, layer.name);
  const items = useMemo(() => found?.items.slice(0, MOST_NEAR) ?? [], [found]);
  if (!found) return null;
  return (
    <section className={styles.around}>
      <h3>
        {t('map.around', { title: text(layer.title) })} <b>{found.items.length}</b>
      </h3>
      <ul>
        {items.map((item) => {
          const page = pageOf({ ...item.properties, id: item.id });
          const title = String(item.properties.title ?? '');
          return (
            <li key={item.id}>
              <span>{page ? <Link to={page}>{title}</Link> : title}</span>
              <small>{withUnit(Math.round(item.distance_m), 'm')}</small>
            </li>
          );
        })}
      </ul>
      {found.source ? <small>{t('map.source', { source: found.source })}</small> : null}
    </section>
  );
}
