import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLabel } from '@/api/meta';
import { Icon } from '@/design/icons';
import { useLanguage, useText } from '@/i18n';
import { duration, fullTime } from '@/i18n/format';
import { useNow } from '@/live/now';
import styles from './Clocks.module.css';
import type { Clock, Situation } from './data';

/** How urgent a running clock is: overdue, in its last fifth, or with time left. */
function urgency(clock: Clock, now: number): 'late' | 'soon' | 'calm' {
  const [began, due] = [Date.parse(clock.started_at), Date.parse(clock.due_at)];
  if (now >= due) return 'late';
  return due - now < (due - began) / 5 ? 'soon' : 'calm';
}

/** The incident's clocks counting down, by the incident's own time. */
export function Clocks({ situation }: { situation: Situation }) {
  const { t } = useTranslation();
  const text = useText();
  const label = useLabel();
  const language = useLanguage();
  const own = useNow() + Date.parse(situation.incident_time) - Date.parse(situation.as_of);
  return (
    <ul className={styles.clocks} aria-label={t('incident.clocks')}>
      {situation.clocks.map((clock) => {
        const runs = clock.state === 'running';
        const left = Date.parse(clock.due_at) - own;
        return (
          <li key={clock.kind + clock.started_at} data-urgency={runs ? urgency(clock, own) : 'done'}>
            <p>
              <Icon name={runs ? 'clock' : 'check'} size={15} /> {text(clock.title)}
            </p>
            <output>
              {runs
                ? t(left >= 0 ? 'incident.left' : 'incident.over', {
                    time: duration(Math.abs(left), language),
                  })
                : label('DeadlineState', clock.state)}
            </output>
            <p className={styles.due}>
              {clock.ended_at
                ? t('incident.endedAt', { time: fullTime(clock.ended_at) })
                : t('incident.dueAt', { time: fullTime(clock.due_at) })}
              <Basis of={clock.basis} />
            </p>
          </li>
        );
      })}
    </ul>
  );
}

/** Where the length of a clock comes from: the table of standards and its version. */
function Basis({ of }: { of: string }) {
  const { t } = useTranslation();
  const [, code, version] = /^(\w+) v(\d+) /.exec(of) ?? [];
  if (!code) return of ? <span>{of}</span> : null;
  return <Link to={`/standards/${code}?version=${version}`}>{t('incident.basis', { version })}</Link>;
}
