import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLabel } from '@/api/meta';
import { Icon } from '@/design/icons';
import { useText } from '@/i18n';
import { DASH, figure, fullTime, withUnit } from '@/i18n/format';
import { Marks } from '@/parts/Marks';
import { Computed } from '@/screens/runs/Computed';
import type { Inside, Situation, Zone } from './data';
import page from './IncidentPage.module.css';
import styles from './Zones.module.css';

const TONES: Record<number, string> = { 3: 'red', 2: 'orange', 1: 'yellow' };

function graveFirst(zones: Zone[]): Zone[] {
  return [...zones].sort((one, other) => other.rank - one.rank);
}

function Name({ zone }: { zone: Zone }) {
  const text = useText();
  return (
    <span className={styles.name} data-tone={TONES[zone.rank]}>
      <i aria-hidden="true" />
      {text(zone.title)}
    </span>
  );
}

/** The zones of the standing footprint, each with what it was computed from. */
export function ZoneTable({ situation }: { situation: Situation }) {
  const { t } = useTranslation();
  const text = useText();
  const { zones, footprint, people } = situation;
  if (!footprint) return null;
  const { weather, release } = footprint.result;
  return (
    <section className={page.card}>
      <h2>
        {t('incident.zones')} <Marks of={footprint} />
      </h2>
      {zones.length === 0 ? <p>{t('incident.nobodyReached')}</p> : null}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('incident.zone')}</th>
            <th scope="col">{t('incident.concentration')}</th>
            <th scope="col">{t('incident.reach')}</th>
            <th scope="col">{t('incident.people')}</th>
          </tr>
        </thead>
        <tbody>
          {graveFirst(zones).map((zone) => {
            const estimate = people?.result.zones[zone.name]?.people;
            return (
              <tr key={zone.name}>
                <th scope="row">
                  <Name zone={zone} />
                </th>
                <td>{withUnit(zone.level, zone.unit)}</td>
                <td>
                  <Computed run={zone.run}>{withUnit(Math.round(zone.max_distance_m), 'm')}</Computed>
                </td>
                <td>
                  {estimate ? (
                    <Computed run={people?.id}>
                      <b>{figure(estimate.best, 0)}</b>
                      <small>
                        {t('incident.between', {
                          low: figure(estimate.low, 0),
                          high: figure(estimate.high, 0),
                        })}
                      </small>
                    </Computed>
                  ) : (
                    DASH
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <ul className={styles.caveats}>
        {footprint.manifest.caveats.map((caveat) => (
          <li key={caveat.code + caveat.zh}>
            <Icon name="warning" size={14} />
            {text(caveat)}
          </li>
        ))}
      </ul>
      <p className={page.note}>
        {t('incident.releaseOf', {
          substance: text(footprint.result.name),
          rate: withUnit(release.rate_kg_s, 'kg/s'),
          minutes: figure(release.duration_s / 60),
        })}
        {' · '}
        {t('incident.windOf', {
          speed: withUnit(weather.wind_m_s, 'm/s'),
          from: figure(weather.wind_from_deg, 0),
          stability: weather.stability,
        })}
        {' · '}
        {t('map.source', { source: weather.source })} <Marks of={weather} />
        {' · '}
        {t('map.dataTime', { time: fullTime(weather.at) })}
        {' · '}
        {t('incident.computedAt', { time: fullTime(footprint.computed_at) })}
      </p>
    </section>
  );
}

/** People, protected sites and other hazards in each zone, with the sources and what to hold against them. */
export function WhoIsInside({ situation }: { situation: Situation }) {
  const { t } = useTranslation();
  const text = useText();
  const { zones, people } = situation;
  if (!people) return null;
  const any = Object.values(people.result.zones)[0];
  return (
    <section className={page.card}>
      <h2>
        {t('incident.inside')} <Marks of={people} />
      </h2>
      {graveFirst(zones).map((zone) => {
        const inside = people.result.zones[zone.name];
        return inside ? (
          <Fragment key={zone.name}>
            <h3 className={styles.within}>
              <Name zone={zone} />
              {inside.people ? (
                <Computed run={people.id}>
                  {t('incident.about', {
                    best: figure(inside.people.best, 0),
                    low: figure(inside.people.low, 0),
                    high: figure(inside.people.high, 0),
                  })}
                </Computed>
              ) : (
                <span>{t('incident.noPopulation')}</span>
              )}
            </h3>
            <Places inside={inside} />
          </Fragment>
        ) : null;
      })}
      <ul className={styles.caveats}>
        {people.manifest.caveats.map((caveat) => (
          <li key={caveat.code + caveat.zh}>
            <Icon name="warning" size={14} />
            {text(caveat)}
          </li>
        ))}
      </ul>
      {any?.people_source ? (
        <p className={page.note}>
          {t('map.source', { source: any.people_source })}
          {' · '}
          {t('map.dataTime', { time: fullTime(any.people_data_time) })}
          {any.people_method ? ` · ${any.people_method}` : null}
        </p>
      ) : null}
    </section>
  );
}

function Places({ inside }: { inside: Inside }) {
  const { t } = useTranslation();
  const label = useLabel();
  if (inside.sites.length + inside.hazards.length === 0)
    return <p className={styles.none}>{t('incident.noPlaces')}</p>;
  return (
    <ul className={styles.places}>
      {inside.sites.map((site) => (
        <li key={site.id}>
          <span>
            <Link to={`/sites/${site.id}`}>{site.name}</Link> <Marks of={site} />
          </span>
          <small>
            {label('SiteKind', site.kind)}
            {site.persons === null ? null : ` · ${t('map.persons', { count: site.persons })}`}
          </small>
        </li>
      ))}
      {inside.hazards.map((hazard) => (
        <li key={hazard.id}>
          <span>
            <Link to={`/major-hazards/${hazard.id}`}>{hazard.name}</Link> <Marks of={hazard} />
          </span>
          <small>
            {hazard.enterprise} · {label('HazardLevel', hazard.level)}
            {hazard.is_source ? ` · ${t('incident.itself')}` : null}
          </small>
        </li>
      ))}
    </ul>
  );
}
