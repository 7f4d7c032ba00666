import { useTranslation } from 'react-i18next';
import { fullTime, timeOfDay } from '@/i18n/format';
import { useConnection } from '@/live/hub';
import styles from './ConnectionState.module.css';

/** Whether what is on screen is live, and if not, since when it is not. */
export function ConnectionState() {
  const { t } = useTranslation();
  const { phase, since, heardAt } = useConnection();
  const stale = phase === 'stale' || phase === 'ended';
  const from = heardAt ?? since;
  const label = stale
    ? t('connection.stale', { time: timeOfDay(from) })
    : t(phase === 'live' ? 'connection.live' : 'connection.connecting');
  return (
    <span
      className={styles.state}
      data-phase={stale ? 'stale' : phase}
      role="status"
      title={t('connection.title', { time: fullTime(from) })}
    >
      <i aria-hidden="true" />
      <span>{label}</span>
    </span>
  );
}
