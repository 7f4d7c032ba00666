import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/api/meta';
import type { Alarm } from '@/api/types';
import { Icon } from '@/design/icons';
import { LevelChip } from '@/design/LevelChip';
import { lookOf } from '@/design/levels';
import { useLanguage } from '@/i18n';
import { DASH, decimalsFor, duration, figure, fullTime, shortTime } from '@/i18n/format';
import { useNow } from '@/live/now';
import { Marks } from '@/parts/Marks';
import styles from './AlarmRow.module.css';
import { beyond, isUrgent, waitingSince } from './order';

/** How long the alarm has been waiting, ticking; for a closed one how long it took. */
function Age({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow();
  const since = waitingSince(alarm);
  const until = alarm.closed_at ? Date.parse(alarm.closed_at) : now;
  return (
    <span className={styles.age} title={t('desk.ageTitle', { time: fullTime(alarm.raised_at) })}>
      <b>{duration(until - since, language)}</b>
      <small>{shortTime(since, now)}</small>
    </span>
  );
}

function Value({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation();
  if (alarm.condition === 'no_data')
    return (
      <span className={styles.value}>
        <b>{t('desk.silent')}</b>
      </span>
    );
  const over = beyond(alarm);
  const decimals = decimalsFor(alarm.threshold ?? alarm.value);
  return (
    <span className={styles.value}>
      <b>
        {figure(alarm.value, decimals)}
        {alarm.value === null ? null : <i>{alarm.unit}</i>}
      </b>
      <small>
        {t('desk.limit')} {figure(alarm.threshold, decimals)}
        {over !== null && over > 0 ? ` · ${t('desk.beyond', { value: figure(over, decimals) })}` : null}
      </small>
    </span>
  );
}

/** Where it stands, and whether the process has come back by itself. */
function State({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <span className={styles.state}>
      <b data-state={alarm.state}>
        {alarm.state === 'raised' ? t('desk.raised') : label('AlarmState', alarm.state)}
      </b>
      <small>
        {alarm.returned_at ? (
          <span className={styles.returned}>
            <Icon name="check" size={13} />
            {t('desk.returned')}
          </span>
        ) : (
          <span>{t('desk.active')}</span>
        )}
        {alarm.count > 1 ? (
          <span className={styles.repeat} title={t('desk.repeatTitle', { count: alarm.count })}>
            <Icon name="repeat" size={13} />
            {alarm.count}
          </span>
        ) : null}
      </small>
    </span>
  );
}

interface Props {
  alarm: Alarm;
  selected: boolean;
  onSelect: (id: string) => void;
}

export const AlarmRow = memo(function AlarmRow({ alarm, selected, onSelect }: Props) {
  const label = useLabel();
  const where = [alarm.enterprise_name, alarm.process_unit_name, alarm.point_tag].filter(Boolean).join(' · ');
  return (
    <div
      id={`alarm-${alarm.id}`}
      role="option"
      aria-selected={selected}
      tabIndex={-1}
      className={styles.row}
      data-tone={lookOf(alarm.level).tone}
      data-state={alarm.state}
      data-urgent={isUrgent(alarm)}
      data-exercise={alarm.exercise || alarm.timeline !== null}
      onClick={() => onSelect(alarm.id)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onSelect(alarm.id);
      }}
    >
      <span className={styles.level}>
        <LevelChip level={alarm.level} ladder="AlarmLevel" />
      </span>
      <span className={styles.what}>
        <span className={styles.line}>
          <b>{alarm.point_name}</b>
          <span className={styles.condition}>{label('Condition', alarm.condition)}</span>
          <Marks of={alarm} />
        </span>
        <small>{where || DASH}</small>
      </span>
      <Value alarm={alarm} />
      <Age alarm={alarm} />
      <State alarm={alarm} />
    </div>
  );
});
