import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useLabel, useMeta, useRegionName } from '@/api/meta';
import type { Alarm } from '@/api/types';
import { LevelChip } from '@/design/LevelChip';
import { lookOf } from '@/design/levels';
import { useLanguage, useText } from '@/i18n';
import { ageOf, DASH, fullTime, withUnit } from '@/i18n/format';
import { useNow } from '@/live/now';
import { LinkButton } from '@/parts/Button';
import { Marks } from '@/parts/Marks';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { useOpenAlarms } from '@/screens/alarms/data';
import { type Enterprise, useEnterprise, useHazards } from './data';
import styles from './EnterprisePage.module.css';
import { HazardCard } from './HazardCard';
import { Points } from './Points';

/** An enterprise on one page: its hazards with S and R opened up, its points against their limits, its alarms. */
export default function EnterprisePage() {
  const { id = '' } = useParams();
  const found = useEnterprise(id);
  if (found.error && !found.data)
    return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Loading />;
  return <Loaded key={id} enterprise={found.data} />;
}

function Loaded({ enterprise }: { enterprise: Enterprise }) {
  const { t } = useTranslation();
  const hazards = useHazards(enterprise.id);
  const first = hazards.data?.items[0];
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <Link to="/enterprises">{t('enterprise.all')}</Link>
          <h1>
            {enterprise.name} <Marks of={enterprise} />
          </h1>
        </div>
        <span className={styles.tools}>
          {first ? (
            <LinkButton to={`/map?c=${first.lon.toFixed(5)},${first.lat.toFixed(5)}&z=13`}>
              {t('enterprise.onMap')}
            </LinkButton>
          ) : null}
          {enterprise._editable ? (
            <LinkButton to={`/enterprises/${enterprise.id}/edit`}>{t('generic.edit')}</LinkButton>
          ) : null}
        </span>
      </header>
      <div className={styles.columns}>
        <Basics enterprise={enterprise} />
        <OpenAlarms enterprise={enterprise.id} />
      </div>
      <section className={styles.section} aria-label={t('enterprise.hazards')}>
        <h2>
          {t('enterprise.hazards')} <small>{hazards.data?.total}</small>
        </h2>
        {hazards.error && !hazards.data ? <ProblemNotice error={hazards.error} /> : null}
        {hazards.data?.total === 0 ? <p className={styles.none}>{t('enterprise.noHazards')}</p> : null}
        {hazards.data?.items.map((hazard) => (
          <HazardCard key={hazard.id} hazard={hazard} />
        ))}
      </section>
      <Points enterprise={enterprise.id} />
    </div>
  );
}

function Basics({ enterprise }: { enterprise: Enterprise }) {
  const { t } = useTranslation();
  const text = useText();
  const label = useLabel();
  const region = useRegionName();
  const zone = useMeta().zones?.find(({ code }) => code === enterprise.zone);
  const lines: [string, string][] = [
    [t('enterprise.code'), enterprise.code],
    [t('enterprise.trade'), label('EnterpriseKind', enterprise.kind)],
    [t('panel.region'), region(enterprise.region)],
    [t('enterprise.zone'), text(zone) || DASH],
    [t('enterprise.address'), enterprise.address || DASH],
    [t('enterprise.source'), enterprise.source || DASH],
  ];
  return (
    <section className={styles.card}>
      <h2>{t('enterprise.basics')}</h2>
      <dl>
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>
        <Link to={`/process-units?enterprise_id=${enterprise.id}`}>{t('enterprise.units')}</Link>
      </p>
    </section>
  );
}

function OpenAlarms({ enterprise }: { enterprise: string }) {
  const { t } = useTranslation();
  const open = useOpenAlarms().data;
  const rows = useMemo(
    () =>
      (open?.rows ?? [])
        .filter((alarm) => alarm.enterprise_id === enterprise)
        .sort((one, other) => lookOf(one.level).rank - lookOf(other.level).rank),
    [open, enterprise],
  );
  return (
    <section className={styles.card}>
      <h2>
        {t('enterprise.alarms')} <small>{rows.length}</small>
      </h2>
      {rows.length === 0 ? <p className={styles.none}>{t('enterprise.noAlarms')}</p> : null}
      <ul className={styles.alarms}>
        {rows.map((alarm) => (
          <AlarmLine key={alarm.id} alarm={alarm} />
        ))}
      </ul>
      <p className={styles.none}>{t('desk.asOf', { time: fullTime(open?.asOf) })}</p>
    </section>
  );
}

function AlarmLine({ alarm }: { alarm: Alarm }) {
  const language = useLanguage();
  const label = useLabel();
  const now = useNow();
  return (
    <li>
      <LevelChip level={alarm.level} ladder="AlarmLevel" />
      <Link to={`/alarms/${alarm.id}`}>
        {alarm.point_name} {label('Condition', alarm.condition)}
      </Link>
      <b>{withUnit(alarm.value, alarm.unit)}</b>
      <small title={fullTime(alarm.arrived_at)}>{ageOf(alarm.arrived_at, now, language)}</small>
      <Marks of={alarm} />
    </li>
  );
}
