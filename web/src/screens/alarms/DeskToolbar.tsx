import { type RefObject, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLabel } from '@/api/meta';
import type { Alarm } from '@/api/types';
import { Icon, ShapeMark } from '@/design/icons';
import { ALARM_LEVELS, lookOf } from '@/design/levels';
import { useTyped } from '@/parts/typed';
import styles from './DeskToolbar.module.css';
import { silencedPath, useSilenced } from './data';
import { type DeskFilter, STATES } from './filter';

interface Props {
  filter: DeskFilter;
  onChange: (by: Partial<DeskFilter>) => void;
  alarms: readonly Alarm[];
  searchField: RefObject<HTMLInputElement | null>;
}

function countBy(alarms: readonly Alarm[], key: (alarm: Alarm) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const alarm of alarms) counts.set(key(alarm), (counts.get(key(alarm)) ?? 0) + 1);
  return counts;
}

/** The counts of what is open, which are the filters at the same time. */
export function DeskToolbar({ filter, onChange, alarms, searchField }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const silenced = useSilenced().data;
  const states = useMemo(() => countBy(alarms, (alarm) => alarm.state), [alarms]);
  const levels = useMemo(() => countBy(alarms, (alarm) => alarm.level), [alarms]);
  const enterprises = useMemo(
    () => [...new Map(alarms.map((alarm) => [alarm.enterprise_id, alarm.enterprise_name]))],
    [alarms],
  );
  const [words, setWords] = useTyped(filter.words, (next) => onChange({ words: next }));
  const toggle = (level: string): string[] =>
    filter.levels.includes(level) ? filter.levels.filter((one) => one !== level) : [...filter.levels, level];

  return (
    <div className={styles.bar}>
      <h1 className={styles.title}>{t('desk.title')}</h1>
      <fieldset className={styles.states} aria-label={t('desk.states')}>
        {STATES.map((state) => (
          <button
            key={state}
            type="button"
            aria-pressed={filter.state === state}
            onClick={() => onChange({ state })}
          >
            {state === 'open'
              ? t('desk.open')
              : state === 'raised'
                ? t('desk.raised')
                : label('AlarmState', state)}
            {state === 'closed' ? null : <b>{state === 'open' ? alarms.length : (states.get(state) ?? 0)}</b>}
          </button>
        ))}
      </fieldset>
      <fieldset className={styles.levels} aria-label={t('desk.levels')}>
        {ALARM_LEVELS.map((level) => {
          const look = lookOf(level);
          return (
            <button
              key={level}
              type="button"
              data-tone={look.tone}
              aria-pressed={filter.levels.includes(level)}
              onClick={() => onChange({ levels: toggle(level) })}
            >
              <ShapeMark shape={look.shape} />
              {label('AlarmLevel', level)}
              <b>{levels.get(level) ?? 0}</b>
            </button>
          );
        })}
      </fieldset>
      <select
        className={styles.select}
        aria-label={t('desk.enterprise')}
        value={filter.enterprise}
        onChange={(event) => onChange({ enterprise: event.target.value })}
      >
        <option value="">{t('desk.allEnterprises')}</option>
        {enterprises.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        {filter.enterprise && !enterprises.some(([id]) => id === filter.enterprise) ? (
          <option value={filter.enterprise}>{t('desk.chosenEnterprise')}</option>
        ) : null}
      </select>
      <button
        type="button"
        className={styles.mine}
        aria-pressed={filter.mine}
        onClick={() => onChange({ mine: !filter.mine })}
      >
        {t('desk.mine')}
      </button>
      {silenced ? (
        <Link className={styles.silenced} to={silencedPath}>
          {t('desk.silenced', { count: silenced })}
        </Link>
      ) : null}
      <label className={styles.search}>
        <Icon name="search" size={16} />
        <span className="visually-hidden">{t('desk.search')}</span>
        <input
          ref={searchField}
          type="search"
          placeholder={t('desk.search')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <kbd>/</kbd>
      </label>
    </div>
  );
}
