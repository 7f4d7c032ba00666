import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useLabel, useRegionName } from '@/api/meta';
import type { ActionMeta } from '@/api/types';
import { ActionForm } from '@/forms/ActionForm';
import { useText } from '@/i18n';
import { DASH, fullTime, withUnit } from '@/i18n/format';
import { Button } from '@/parts/Button';
import { Marks } from '@/parts/Marks';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { useMay } from '@/shell/session';
import { Clocks } from './Clocks';
import { type Incident, type Situation, useIncident, useIncidentAction, useSituation } from './data';
import { FootprintMap } from './FootprintMap';
import styles from './IncidentPage.module.css';
import { IncidentTimeLine } from './IncidentTimeLine';
import { ReleaseForm } from './ReleaseForm';
import { WhoIsInside, ZoneTable } from './Zones';

/** An incident: what is known, what runs, whom it reaches, what was done and what can be done. */
export default function IncidentPage() {
  const { id = '' } = useParams();
  const incident = useIncident(id);
  const situation = useSituation(id);
  const error = incident.error ?? situation.error;
  if (error && !(incident.data && situation.data))
    return (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void incident.refetch();
          void situation.refetch();
        }}
      />
    );
  if (!incident.data || !situation.data) return <Loading />;
  return <Loaded key={id} incident={incident.data} situation={situation.data} />;
}

function Loaded({ incident, situation }: { incident: Incident; situation: Situation }) {
  const { t } = useTranslation();
  const mayHandle = useMay('incidents.handle');
  const running = incident.state !== 'ended';
  return (
    <div className={styles.page}>
      <Head incident={incident} />
      <div className={styles.columns}>
        <div className={styles.side}>
          <Clocks situation={situation} />
          <Actions incident={incident} />
          <ZoneTable situation={situation} />
          {running && mayHandle ? <ReleaseForm incident={incident} situation={situation} /> : null}
        </div>
        <div className={styles.map}>
          <FootprintMap
            lon={incident.lon}
            lat={incident.lat}
            name={incident.number}
            zones={situation.zones}
          />
        </div>
        <div className={styles.side}>
          <Facts incident={incident} />
          <WhoIsInside situation={situation} />
          <IncidentTimeLine entries={incident.entries} />
          <p className={styles.foot}>{t('desk.asOf', { time: fullTime(situation.as_of) })}</p>
        </div>
      </div>
    </div>
  );
}

function Head({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const label = useLabel();
  const region = useRegionName();
  return (
    <header className={styles.head}>
      <div>
        <p className={styles.number}>
          <Link to="/incidents">{t('incident.all')}</Link>
          <span>{incident.number}</span>
        </p>
        <h1>{incident.title}</h1>
      </div>
      <p className={styles.chips}>
        <b data-state={incident.state}>{label('IncidentState', incident.state)}</b>
        <span>{label('IncidentKind', incident.kind)}</span>
        <span>{incident.grade ? label('IncidentGrade', incident.grade) : t('incident.ungraded')}</span>
        <span>{region(incident.region)}</span>
        <Marks of={incident} />
      </p>
    </header>
  );
}

function Facts({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const people = (count: number) => t('map.persons', { count });
  const enterprise = incident.enterprise_id ? (
    <Link to={`/enterprises/${incident.enterprise_id}`}>{incident.enterprise_name}</Link>
  ) : (
    DASH
  );
  const alarm = incident.alarm_id ? (
    <Link to={`/alarms/${incident.alarm_id}`}>{t('incident.openAlarm')}</Link>
  ) : (
    DASH
  );
  const lines: [string, React.ReactNode][] = [
    [t('incident.occurred'), fullTime(incident.occurred_at)],
    [t('incident.opened'), `${fullTime(incident.opened_at)} · ${incident.opened_by}`],
    ...(incident.ended_at ? [[t('incident.ended'), fullTime(incident.ended_at)] as [string, string]] : []),
    [t('desk.enterprise'), enterprise],
    [t('incident.alarm'), alarm],
    [t('incident.substance'), [incident.substance, incident.cas].filter(Boolean).join(' · ') || DASH],
    [t('incident.place'), incident.place_note || `${incident.lon.toFixed(5)}°，${incident.lat.toFixed(5)}°`],
    [
      t('incident.casualties'),
      `${t('incident.dead')} ${people(incident.dead)} · ${t('incident.missing')} ${people(incident.missing)} · ${t('incident.serious')} ${people(incident.seriously_injured)} · ${t('incident.light')} ${people(incident.lightly_injured)} · ${t('incident.trapped')} ${people(incident.trapped)}`,
    ],
    [t('incident.loss'), withUnit(incident.loss_yuan / 1e4, t('incident.tenThousandYuan'))],
  ];
  return (
    <section className={styles.card}>
      <h2>{t('incident.facts')}</h2>
      <dl>
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Actions({ incident }: { incident: Incident }) {
  const text = useText();
  const [open, setOpen] = useState<ActionMeta | null>(null);
  const act = useIncidentAction(incident.id, () => setOpen(null));
  if (incident._actions.length === 0) return null;
  return (
    <div className={styles.actions}>
      {incident._actions.map((action, index) => (
        <Button
          key={action.event}
          kind={index === 0 ? 'primary' : 'plain'}
          aria-pressed={open?.event === action.event}
          onClick={() => {
            act.reset();
            setOpen(open?.event === action.event ? null : action);
          }}
        >
          {text(action.label)}
        </Button>
      ))}
      {open ? (
        <ActionForm
          key={open.event}
          action={open}
          from={open.event === 'facts' ? { ...incident, note: '' } : {}}
          pending={act.isPending}
          error={act.error}
          onSubmit={(values) => act.mutate({ event: open.event, values })}
          onCancel={() => setOpen(null)}
        />
      ) : null}
    </div>
  );
}
