import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLabel } from '@/api/meta';
import type { Alarm } from '@/api/types';
import { ShapeMark } from '@/design/icons';
import { ALARM_LEVELS, lookOf } from '@/design/levels';
import { isUnconfirmed } from '@/screens/alarms/order';
import styles from './AlarmCounter.module.css';

/** Unconfirmed alarms by level, on every screen: nothing waits unseen. */
export function AlarmCounter({ alarms }: { alarms: readonly Alarm[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const counts = useMemo(() => {
    const found = new Map<string, number>();
    for (const alarm of alarms)
      if (isUnconfirmed(alarm)) found.set(alarm.level, (found.get(alarm.level) ?? 0) + 1);
    return found;
  }, [alarms]);
  return (
    <Link to="/alarms" className={styles.counter as string} title={t('shell.unconfirmed')}>
      <span className={styles.label}>{t('shell.unconfirmed')}</span>
      {ALARM_LEVELS.map((level) => {
        const look = lookOf(level);
        const count = counts.get(level) ?? 0;
        return (
          <span key={level} className={styles.count} data-tone={count > 0 ? look.tone : 'none'}>
            <ShapeMark shape={look.shape} />
            <span className="visually-hidden">{label('AlarmLevel', level)}</span>
            {count}
          </span>
        );
      })}
    </Link>
  );
}
