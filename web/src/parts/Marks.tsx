import { useTranslation } from 'react-i18next';
import styles from './Marks.module.css';

interface Marked {
  exercise?: boolean | null | undefined;
  timeline?: string | null | undefined;
  synthetic?: boolean | null | undefined;
}

/** What keeps a drill, a replay or a simulator's output from being taken for the real thing. */
export function Marks({ of }: { of: Marked }) {
  const { t } = useTranslation();
  return (
    <>
      {of.exercise ? (
        <span className={styles.exercise} title={t('marks.exerciseTitle')}>
          {t('marks.exercise')}
        </span>
      ) : null}
      {of.timeline && !of.exercise ? (
        <span className={styles.exercise} title={t('marks.replayTitle')}>
          {t('marks.replay')}
        </span>
      ) : null}
      {of.synthetic ? (
        <span className={styles.synthetic} title={t('marks.syntheticTitle')}>
          {t('marks.synthetic')}
        </span>
      ) : null}
    </>
  );
}
