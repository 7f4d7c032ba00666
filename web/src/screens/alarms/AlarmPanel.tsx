import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { request } from '@/api/http';
import { useLabel, useRegionName } from '@/api/meta';
import type { ActionMeta, AlarmDetail, AlarmEvent } from '@/api/types';
import { Icon } from '@/design/icons';
import { LevelChip } from '@/design/LevelChip';
import { ActionForm } from '@/forms/ActionForm';
import type { Values } from '@/forms/schema';
import { useText } from '@/i18n';
import { DASH, fullTime, withUnit } from '@/i18n/format';
import { Button } from '@/parts/Button';
import { Marks } from '@/parts/Marks';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { Moment, type MomentTone, TimeLine } from '@/parts/TimeLine';
import type { AskedAction } from './AlarmDesk';
import styles from './AlarmPanel.module.css';
import { incidentOf, storeAlarm, useAlarm, useIncidentOf } from './data';
import { ThreatPart } from './Threat';

interface Props {
  id: string;
  asked: AskedAction | null;
  onClose: () => void;
}

const COMMENT: ActionMeta = {
  event: 'comment',
  label: { zh: '备注', en: 'Comment' },
  form: {
    type: 'object',
    required: ['note'],
    properties: {
      note: {
        type: 'string',
        maxLength: 500,
        'x-ui': { title: { zh: '备注', en: 'Comment' }, widget: 'textarea' },
      },
    },
  },
  confirm: null,
};

const KEYS: Record<string, string> = {
  confirm: 'C',
  handle: 'H',
  close: 'X',
  comment: 'N',
  open_incident: 'I',
};

/** One alarm: what it is, what was done, and what can be done now. */
export default function AlarmPanel({ id, asked, onClose }: Props) {
  const { t } = useTranslation();
  const found = useAlarm(id);
  return (
    <aside className={styles.panel} id="alarm-panel" tabIndex={-1} aria-label={t('panel.title')}>
      {found.data ? (
        <Loaded alarm={found.data} asked={asked} onClose={onClose} />
      ) : found.error ? (
        <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Loading />
      )}
    </aside>
  );
}

function useAct(alarm: AlarmDetail, onDone: () => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ event, values }: { event: string; values: Values }) =>
      request<AlarmDetail | undefined>(`/api/alarms/${alarm.id}/${event}`, { method: 'POST', body: values }),
    onSuccess: async (answer, { event }) => {
      if (answer && event !== 'open_incident') storeAlarm(client, answer);
      onDone();
      if (event === 'open_incident') {
        await client.invalidateQueries({ queryKey: ['incidents', 'of', alarm.id] });
        const opened = await client.fetchQuery(incidentOf(alarm));
        if (opened) void navigate(`/incidents/${opened.id}`);
      }
      void client.invalidateQueries({ queryKey: ['alarms', 'detail', alarm.id] });
    },
  });
}

function Loaded({
  alarm,
  asked,
  onClose,
}: {
  alarm: AlarmDetail;
  asked: AskedAction | null;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const [open, setOpen] = useState<ActionMeta | null>(null);
  const act = useAct(alarm, () => setOpen(null));
  const incident = useIncidentOf(alarm);
  const offered = (alarm._actions ?? []).filter(({ event }) => event !== 'open_incident' || !incident);
  const actions = [...offered, COMMENT];

  // biome-ignore lint/correctness/useExhaustiveDependencies: a key pressed opens its form once
  useEffect(() => {
    if (asked) setOpen(actions.find((action) => action.event === asked.event) ?? null);
  }, [asked]);

  return (
    <>
      <header className={styles.head}>
        <LevelChip level={alarm.level} ladder="AlarmLevel" />
        <h2>{alarm.point_name}</h2>
        <Marks of={alarm} />
        <button type="button" className={styles.close} aria-label={t('common.close')} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <Silence alarm={alarm} />
      <Facts alarm={alarm} />
      <div className={styles.actions}>
        {actions.map((action, index) => (
          <Button
            key={action.event}
            kind={index === 0 && action.event !== 'comment' ? 'primary' : 'plain'}
            aria-pressed={open?.event === action.event}
            onClick={() => {
              act.reset();
              setOpen(open?.event === action.event ? null : action);
            }}
          >
            {text(action.label)} {KEYS[action.event] ? <kbd>{KEYS[action.event]}</kbd> : null}
          </Button>
        ))}
      </div>
      {incident ? (
        <p className={styles.incident}>
          <Icon name="incident" size={16} />
          <Link to={`/incidents/${incident.id}`}>{t('panel.incident', { number: incident.number })}</Link>
        </p>
      ) : null}
      <WhyNotClosed alarm={alarm} />
      {open ? (
        <ActionForm
          key={open.event}
          action={open}
          pending={act.isPending}
          error={act.error}
          onSubmit={(values) => act.mutate({ event: open.event, values })}
          onCancel={() => setOpen(null)}
        />
      ) : null}
      <ThreatPart alarm={alarm} />
      <Events events={alarm.events ?? []} unit={alarm.unit} />
    </>
  );
}

/** That nobody was told of this alarm, why, and until when. */
function Silence({ alarm }: { alarm: AlarmDetail }) {
  const { t } = useTranslation();
  const label = useLabel();
  if (alarm.suppression === 'none') return null;
  const said = [
    alarm.silence_reason ? t('panel.silentReason', { reason: alarm.silence_reason }) : null,
    alarm.silence_until ? t('panel.silentUntil', { time: fullTime(alarm.silence_until) }) : null,
  ];
  return (
    <p className={styles.silence}>
      <b>{label('Suppression', alarm.suppression)}</b> {t('panel.silent')}
      {said.filter(Boolean).map((words) => (
        <span key={words}>{words}</span>
      ))}
    </p>
  );
}

function Facts({ alarm }: { alarm: AlarmDetail }) {
  const { t } = useTranslation();
  const label = useLabel();
  const region = useRegionName();
  const replay = alarm.timeline ? <small> · {t('panel.replay')}</small> : null;
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{t('panel.condition')}</dt>
        <dd>{label('Condition', alarm.condition)}</dd>
      </div>
      <div>
        <dt>{t('panel.state')}</dt>
        <dd>
          {label('AlarmState', alarm.state)} · {t(alarm.returned_at ? 'desk.returned' : 'desk.active')}
        </dd>
      </div>
      <div>
        <dt>{t('panel.value')}</dt>
        <dd className={styles.figure}>{withUnit(alarm.value, alarm.unit)}</dd>
      </div>
      <div>
        <dt>{t('desk.limit')}</dt>
        <dd className={styles.figure}>{withUnit(alarm.threshold, alarm.unit)}</dd>
      </div>
      <div>
        <dt>
          {t('panel.raisedAt')}
          {replay}
        </dt>
        <dd>{fullTime(alarm.raised_at)}</dd>
      </div>
      <div>
        <dt>{t('panel.arrivedAt')}</dt>
        <dd>{fullTime(alarm.arrived_at)}</dd>
      </div>
      <div>
        <dt>
          {t('panel.returnedAt')}
          {alarm.returned_at ? replay : null}
        </dt>
        <dd>{fullTime(alarm.returned_at)}</dd>
      </div>
      <div>
        <dt>{t('panel.cause')}</dt>
        <dd>{label('Cause', alarm.cause)}</dd>
      </div>
      <div>
        <dt>{t('panel.point')}</dt>
        <dd>
          <Link to={`/points/${alarm.point_id}`}>{alarm.point_tag}</Link>
        </dd>
      </div>
      <div>
        <dt>{t('desk.enterprise')}</dt>
        <dd>
          <Link to={`/enterprises/${alarm.enterprise_id}`}>{alarm.enterprise_name}</Link>
        </dd>
      </div>
      <div>
        <dt>{t('panel.unit')}</dt>
        <dd>{alarm.process_unit_name || DASH}</dd>
      </div>
      <div>
        <dt>{t('panel.region')}</dt>
        <dd>{region(alarm.region)}</dd>
      </div>
    </dl>
  );
}

/** Why the alarm cannot be closed yet: the button's absence alone would leave people guessing. */
function WhyNotClosed({ alarm }: { alarm: AlarmDetail }) {
  const { t } = useTranslation();
  const closable = (alarm._actions ?? []).some((action) => action.event === 'close');
  if (closable || alarm.state === 'closed' || alarm.state === 'raised') return null;
  return <p className={styles.why}>{t(alarm.returned_at ? 'panel.handleFirst' : 'panel.stillActive')}</p>;
}

const TONES: Record<string, MomentTone> = {
  raised: 'red',
  re_raised: 'red',
  returned: 'normal',
  closed: 'normal',
};

function Events({ events, unit }: { events: AlarmEvent[]; unit: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <TimeLine title={t('panel.timeLine')} level={3}>
      {events.map((event) => (
        <Moment
          key={event.id}
          what={label('AlarmEventKind', event.kind)}
          at={event.recorded_at}
          by={event.actor === 'evaluator' ? t('panel.automatic') : event.actor}
          tone={TONES[event.kind]}
        >
          {event.value === null ? null : <span>{withUnit(event.value, unit)}</span>}
          {event.cause ? <span>{label('Cause', event.cause)}</span> : null}
          {event.note ? <p>{event.note}</p> : null}
        </Moment>
      ))}
    </TimeLine>
  );
}
