import { lazy, Suspense, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/parts/Button';
import { Loading } from '@/parts/Notice';
import type { Limit, Point } from './data';
import styles from './TrialPanel.module.css';

const TrialBench = lazy(() => import('./TrialBench'));

/** The way to the test bench of rules: loaded when somebody wants to try one. */
export function TrialPanel({ point, end, limits }: { point: Point; end: number | null; limits: Limit[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const bench = useId();
  return (
    <section className={styles.panel} aria-label={t('trial.title')}>
      <div className={styles.head}>
        <h2>{t('trial.title')}</h2>
        <p>{t('trial.what')}</p>
        <Button aria-expanded={open} aria-controls={bench} onClick={() => setOpen(!open)}>
          {open ? t('trial.close') : t('trial.open')}
        </Button>
      </div>
      <div id={bench}>
        {open ? (
          <Suspense fallback={<Loading />}>
            <TrialBench point={point} end={end} limits={limits} />
          </Suspense>
        ) : null}
      </div>
    </section>
  );
}
