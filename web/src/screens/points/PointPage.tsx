import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useLabel, useRegionName } from '@/api/meta';
import { LevelChip } from '@/design/LevelChip';
import { lookOf } from '@/design/levels';
import { DASH, fullTime, withUnit } from '@/i18n/format';
import { LinkButton } from '@/parts/Button';
import { Marks } from '@/parts/Marks';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { type Limit, type Point, type Reading, useLimits, usePoint, useReading } from './data';
import { worstCrossed } from './limits';
import styles from './PointPage.module.css';
import { TrendPanel } from './TrendPanel';
import { TrialPanel } from './TrialPanel';

/** A point: the value now, its trend with limits, where it belongs and where its data come from. */
export default function PointPage() {
  const { id = '' } = useParams();
  const point = usePoint(id);
  if (point.error && !point.data)
    return <ProblemNotice error={point.error} onRetry={() => void point.refetch()} />;
  if (!point.data) return <Loading />;
  return <Loaded point={point.data} />;
}

function Loaded({ point }: { point: Point }) {
  const { t } = useTranslation();
  const reading = useReading(point);
  const limits = useLimits(point.id);
  const items = limits.data?.items;
  const inForce = useMemo(() => (items ?? []).filter((limit) => limit.enabled), [items]);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1>
            {point.name} <small>{point.tag}</small>
          </h1>
          <p className={styles.where}>
            <Link to={`/enterprises/${point.enterprise_id}`}>{point.enterprise_name}</Link>
            {point.process_unit_name ? ` · ${point.process_unit_name}` : null}
          </p>
          <p className={styles.marks}>
            <Marks of={point} />
            {point.simulated ? <span className={styles.simulated}>{t('point.simulated')}</span> : null}
            {point.enabled ? null : <span className={styles.simulated}>{t('point.disabled')}</span>}
          </p>
        </div>
        <Now point={point} reading={reading} limits={inForce} />
        {point._editable ? (
          <LinkButton to={`/points/${point.id}/edit`}>{t('generic.edit')}</LinkButton>
        ) : null}
      </header>
      <TrendPanel key={point.id} point={point} end={reading.at} limits={inForce} />
      <TrialPanel key={`trial ${point.id}`} point={point} end={reading.at} limits={inForce} />
      <section className={styles.cards}>
        <LimitCard limits={limits.data?.items ?? []} unit={point.unit} />
        <About point={point} />
      </section>
    </div>
  );
}

function Now({ point, reading, limits }: { point: Point; reading: Reading; limits: Limit[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const crossed = worstCrossed(limits, reading.value);
  return (
    <div className={styles.now} data-tone={crossed ? lookOf(crossed.level).tone : 'none'} aria-live="off">
      <output aria-label={t('point.now')}>{withUnit(reading.value, point.unit)}</output>
      <p>
        {t('point.readAt', { time: fullTime(reading.at) })}
        {point.timeline ? ` · ${t('panel.replay')}` : null}
        {reading.quality === null ? null : ` · ${label('Quality', String(reading.quality))}`}
      </p>
      {crossed ? (
        <p>
          <LevelChip level={crossed.level} ladder="AlarmLevel" /> {label('Condition', crossed.kind)}
        </p>
      ) : null}
    </div>
  );
}

function LimitCard({ limits, unit }: { limits: Limit[]; unit: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <div className={styles.card}>
      <h2>{t('point.limits')}</h2>
      {limits.length === 0 ? <p className={styles.none}>{t('point.noLimits')}</p> : null}
      <ul>
        {limits.map((limit) => (
          <li key={limit.id} data-off={!limit.enabled}>
            <Link to={`/limits/${limit.id}`}>{label('Condition', limit.kind)}</Link>
            <b>{withUnit(limit.threshold, unit)}</b>
            <LevelChip level={limit.level} ladder="AlarmLevel" />
            <small>{limit.note}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

function About({ point }: { point: Point }) {
  const { t } = useTranslation();
  const label = useLabel();
  const region = useRegionName();
  const lines: [string, string][] = [
    [t('point.kind'), label('PointKind', point.kind)],
    [
      t('point.range'),
      point.range_low === null && point.range_high === null
        ? DASH
        : `${withUnit(point.range_low, point.unit)} – ${withUnit(point.range_high, point.unit)}`,
    ],
    [t('point.sampling'), `${point.sampling_s} s`],
    [t('point.stale'), `${point.stale_after_s} s`],
    [t('panel.region'), region(point.region)],
    [t('point.source'), point.source || DASH],
  ];
  return (
    <div className={styles.card}>
      <h2>{t('point.about')}</h2>
      <dl>
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>
        <Link to={`/alarms/table?point_id=${point.id}`}>{t('point.alarms')}</Link>
      </p>
    </div>
  );
}
