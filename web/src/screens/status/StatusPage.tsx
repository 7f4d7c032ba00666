import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { request } from '@/api/http';
import type { Text } from '@/api/types';
import { Icon } from '@/design/icons';
import { useLanguage, useText } from '@/i18n';
import { DASH, duration, figure, fullTime } from '@/i18n/format';
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

/** The processes in the order in which a reading passes them, with the figures that tell most. */
const HEADLINES: Record<string, string[]> = {
  door: ['readings_per_s', 'write_p99_ms', 'refused'],
  evaluator: ['readings_per_s', 'alarm_p99_ms', 'active'],
  historian: ['rows_per_s', 'behind_s'],
  relay: ['published', 'sealed'],
  worker: ['done', 'failed'],
  front: ['listeners', 'events'],
  web: [],
  postgres: ['connections', 'database_mb'],
  nats: ['gateways'],
  nursery: ['processes'],
  demo: [],
};
const ORDER = Object.keys(HEADLINES);

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
  const place = (one: Process) => (ORDER.includes(one.name) ? ORDER.indexOf(one.name) : ORDER.length);
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
        {[...found.data.processes]
          .sort((one, other) => place(one) - place(other))
          .map((one) => (
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
  const shown = HEADLINES[process.name] ?? [];
  const all = Object.entries(process.detail);
  const headlines = all.filter(([name]) => shown.includes(name));
  const rest = all.filter(([name]) => !shown.includes(name));
  return (
    <section className={styles.card} data-ok={well}>
      <header>
        <h2>{ORDER.includes(process.name) ? t(`status.process.${process.name}`) : process.name}</h2>
        <p className={styles.state}>
          <Icon name={well ? 'check' : 'warning'} size={15} />
          {t(process.stale ? 'status.silent' : well ? 'status.well' : 'status.trouble')}
        </p>
      </header>
      <Figures of={headlines} />
      <details>
        <summary>
          {t('status.details')}
          <small>{t('status.heard', { age: duration(process.age_s * 1000, language) })}</small>
        </summary>
        <Figures of={rest} />
      </details>
    </section>
  );
}

function Figures({ of }: { of: [string, unknown][] }) {
  const worded = useWords();
  if (of.length === 0) return null;
  return (
    <dl>
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{worded.name(name)}</dt>
          <dd>{worded.value(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Words for what processes report; a figure that these screens do not know yet keeps its own name. */
function useWords() {
  const { t, i18n } = useTranslation();
  const text = useText();
  const name = (key: string): string =>
    i18n.exists(`status.figure.${key}`) ? t(`status.figure.${key}`) : key;
  const value = (given: unknown): string => {
    if (given === null || given === undefined || given === '') return DASH;
    if (typeof given === 'number') return figure(given);
    if (typeof given === 'boolean') return t(given ? 'generic.yes' : 'generic.no');
    if (typeof given !== 'object') return String(given);
    if (Array.isArray(given)) return given.map(value).join('；') || DASH;
    if ('title' in given) {
      const { title, ...rest } = given as { title: Text };
      return `${text(title)} ${value(rest)}`;
    }
    const parts = Object.entries(given).filter(([, one]) => one !== '' && one !== null);
    return parts.map(([key, one]) => `${name(key)} ${value(one)}`).join(' · ') || DASH;
  };
  return { name, value };
}
