import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/api/meta';
import type { AlarmDetail } from '@/api/types';
import { Icon } from '@/design/icons';
import { useText } from '@/i18n';
import { DASH, figure, fullTime, withUnit } from '@/i18n/format';
import { Button } from '@/parts/Button';
import { Marks } from '@/parts/Marks';
import { ProblemLine } from '@/parts/Notice';
import { FootprintMap } from '@/screens/incidents/FootprintMap';
import { Computed } from '@/screens/runs/Computed';
import { useMay } from '@/shell/session';
import { assess, type Threat, type ThreatZone, threatOf, type Within } from './data';
import styles from './Threat.module.css';

/** What the alarm may come to: a click, nothing to type; and what was computed last. */
export function ThreatPart({ alarm }: { alarm: AlarmDetail }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const mayRead = useMay('incidents.read');
  const mayAsk = useMay('incidents.open') && alarm.state !== 'closed';
  const found = useQuery({ ...threatOf(alarm.id), enabled: mayRead });
  const ask = useMutation({
    mutationFn: () => assess(alarm.id),
    onSuccess: (threat) => client.setQueryData(threatOf(alarm.id).queryKey, threat),
  });
  if (!mayRead || (!mayAsk && !found.data?.footprint)) return null;
  return (
    <section className={styles.part} aria-label={t('threat.title')}>
      <header>
        <h3>{t('threat.title')}</h3>
        {mayAsk ? (
          <Button kind="plain" disabled={ask.isPending} onClick={() => ask.mutate()}>
            {t(ask.isPending ? 'threat.computing' : found.data?.footprint ? 'threat.again' : 'threat.show')}
          </Button>
        ) : null}
      </header>
      {ask.error ? <ProblemLine error={ask.error} /> : null}
      {found.data?.footprint ? <Shown threat={found.data} number={alarm.point_tag} /> : null}
    </section>
  );
}

function Shown({ threat, number }: { threat: Threat; number: string }) {
  const { t } = useTranslation();
  const text = useText();
  const { footprint, people } = threat;
  const result = footprint?.result;
  const drawn = useMemo(
    () =>
      (result?.zones ?? [])
        .filter((zone) => zone.group !== 'probability')
        .map((zone, index, all) => ({
          name: zone.name,
          rank: Math.max(1, Math.min(3, all.length - index)),
          title: zone.label,
          max_distance_m: zone.farthest_m,
          geometry: zone.geometry,
        })),
    [result],
  );
  if (!footprint || !result) return null;
  const { weather, vessel, source, seen } = result;
  return (
    <>
      <p className={styles.basis}>
        {t('threat.of', {
          substance: vessel.substance,
          equipment: vessel.equipment,
          stock: figure(vessel.stock_t),
        })}{' '}
        <Marks of={footprint} />
        {source.steady_rate_kg_s ? (
          <>
            {' · '}
            {t('threat.rate', { rate: withUnit(source.steady_rate_kg_s, 'kg/s') })}
          </>
        ) : null}
      </p>
      {seen.map((one) => (
        <p key={one.basis} className={styles.basis}>
          {t(`threat.seen.${one.basis}`, {
            rate: figure(one.rate_kg_s),
            low: figure(one.low_kg_s),
            high: figure(one.high_kg_s),
            count: one.readings,
          })}
        </p>
      ))}
      <p className={styles.basis}>
        {t(weather.is_calm ? 'threat.calm' : 'threat.wind', {
          wind: withUnit(weather.wind_m_s, 'm/s'),
          from: figure(weather.wind_from_deg, 0),
          stability: weather.stability,
        })}
        {weather.at ? ` · ${fullTime(weather.at)}` : null} <Marks of={weather} />
      </p>
      <div className={styles.map}>
        <FootprintMap lon={result.hazard.lon} lat={result.hazard.lat} name={number} zones={drawn} />
      </div>
      <Table
        zones={result.zones}
        run={footprint.id}
        people={people?.result.zones ?? {}}
        peopleRun={people?.id}
      />
      <Arrivals within={Object.values(people?.result.zones ?? {})} />
      <ul className={styles.caveats}>
        {footprint.manifest.caveats.map((caveat) => (
          <li key={caveat.code + caveat.zh}>
            <Icon name="warning" size={14} />
            {text(caveat)}
          </li>
        ))}
      </ul>
      <p className={styles.basis}>{t('desk.asOf', { time: fullTime(footprint.computed_at) })}</p>
    </>
  );
}

interface TableProps {
  zones: ThreatZone[];
  run: string;
  people: Record<string, Within>;
  peopleRun: string | undefined;
}

function Table({ zones, run, people, peopleRun }: TableProps) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('incident.zone')}</th>
          <th scope="col">{t('incident.reach')}</th>
          <th scope="col">{t('incident.people')}</th>
        </tr>
      </thead>
      <tbody>
        {zones.map((zone) => {
          const persons = people[zone.name]?.people;
          return (
            <tr key={zone.name}>
              <th scope="row">{text(zone.label)}</th>
              <td>
                <Computed run={run}>{withUnit(Math.round(zone.farthest_m), 'm')}</Computed>
              </td>
              <td>
                {persons ? (
                  <Computed run={peopleRun}>
                    <b>{figure(persons.best, 0)}</b>{' '}
                    <small>
                      {t('incident.between', { low: figure(persons.low, 0), high: figure(persons.high, 0) })}
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
  );
}

/** Whom the cloud comes to first, each place once. */
function Arrivals({ within }: { within: Within[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const sites = [...new Map(within.flatMap((zone) => zone.sites).map((site) => [site.id, site])).values()];
  if (sites.length === 0) return <p className={styles.basis}>{t('incident.noPlaces')}</p>;
  return (
    <ul className={styles.sites}>
      {sites.slice(0, 12).map((site) => (
        <li key={site.id}>
          <span>
            {site.name} <Marks of={site} />
          </span>
          <small>
            {label('SiteKind', site.kind)} · {withUnit(site.distance_m, 'm')}
            {site.arrival_s ? ` · ${t('threat.arrival', { minutes: figure(site.arrival_s / 60, 0) })}` : null}
            {site.chance ? ` · ${t('threat.chance', { percent: figure(100 * site.chance, 0) })}` : null}
          </small>
        </li>
      ))}
    </ul>
  );
}
