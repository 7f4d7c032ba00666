import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { request } from '@/api/http';
import { useLanguage } from '@/i18n';
import { duration, figure, fullTime } from '@/i18n/format';
import { Loading, ProblemNotice } from '@/parts/Notice';
import styles from './StatusPage.module.css';

interface Process {
  name: string;
  at: string;
  age_s: number;
  ok: boolean;
  stale: boolean;
  detail: Record<string, unknown>;
}

interface Status {
  as_of: string;
  processes: Process[];
}

const KNOWN = ['postgres', 'nats', 'historian', 'evaluator', 'door', 'web', 'front', 'relay', 'demo'];

/** What each process of the installation says of itself. */
export default function StatusPage() {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => request<Status>('/api/status', { signal }),
    refetchInterval: 3000,
  });
  if (found.error && !found.data)
    return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Loading />;
  const troubled = found.data.processes.filter((one) => !one.ok || one.stale).length;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{t('nav.status')}</h1>
        <p role="status" data-ok={troubled === 0}>
          {troubled === 0 ? t('status.allWell') : t('status.troubled', { count: troubled })}
        </p>
        <small>{t('desk.asOf', { time: fullTime(found.data.as_of) })}</small>
      </header>
      {found.error ? <ProblemNotice error={found.error} /> : null}
      <div className={styles.cards}>
        {found.data.processes.map((one) => (
          <ProcessCard key={one.name} process={one} />
        ))}
      </div>
    </div>
  );
}

function ProcessCard({ process }: { process: Process }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const well = process.ok && !process.stale;
  return (
    <section className={styles.card} data-ok={well}>
      <h2>{KNOWN.includes(process.name) ? t(`status.process.${process.name}`) : process.name}</h2>
      <p className={styles.state}>
        {t(process.stale ? 'status.silent' : well ? 'status.well' : 'status.trouble')}
        <small>{t('status.heard', { age: duration(process.age_s * 1000, language) })}</small>
      </p>
      <details>
        <summary>{t('status.details')}</summary>
        <dl>
          {Object.entries(process.detail).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{worded(value)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}

function worded(value: unknown): string {
  if (value === null || value === undefined || value === '') return '—';
  if (typeof value === 'number') return figure(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
