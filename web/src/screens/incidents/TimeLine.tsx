import { useTranslation } from 'react-i18next';
import { useLabel } from '@/api/meta';
import { fullTime, withUnit } from '@/i18n/format';
import { Computed } from '@/screens/runs/Computed';
import type { IncidentEntry } from './data';
import styles from './TimeLine.module.css';

const REACH = /^aegl(\d)_m$/;
const FIGURES: Record<string, string> = {
  dead: 'incident.dead',
  missing: 'incident.missing',
  seriously_injured: 'incident.serious',
  lightly_injured: 'incident.light',
  trapped: 'incident.trapped',
};

/** What was done and learnt, the newest first. */
export function TimeLine({ entries }: { entries: IncidentEntry[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <section className={styles.line}>
      <h2>{t('incident.timeLine')}</h2>
      <ol>
        {[...entries].reverse().map((entry) => (
          <li key={entry.id} data-kind={entry.kind}>
            <b>{label('EntryKind', entry.kind)}</b>
            <time>{fullTime(entry.at)}</time>
            <span>{entry.actor}</span>
            {entry.note ? <p>{entry.note}</p> : null}
            <Said entry={entry} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Said({ entry }: { entry: IncidentEntry }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { facts, kind } = entry;
  if (kind === 'graded')
    return (
      <p>
        {label('IncidentGrade', facts.before)} → {label('IncidentGrade', facts.after)}
      </p>
    );
  const reached = Object.entries(facts).flatMap(([name, value]) => {
    const rank = REACH.exec(name)?.[1];
    return rank ? [`AEGL-${rank} ${withUnit(Number(value), 'm')}`] : [];
  });
  if (reached.length > 0)
    return (
      <p>
        <Computed run={entry.run}>{reached.join(' · ')}</Computed>
      </p>
    );
  const counted = Object.entries(FIGURES).flatMap(([name, words]) =>
    typeof facts[name] === 'number' && facts[name] > 0
      ? [`${t(words)} ${t('map.persons', { count: facts[name] })}`]
      : [],
  );
  return counted.length > 0 ? <p>{counted.join(' · ')}</p> : null;
}
