import { lazy, Suspense, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { fullTime } from '@/i18n/format';
import { useConnection } from '@/live/hub';
import { Loading, Notice, ProblemNotice } from '@/parts/Notice';
import { useHotkeys } from '@/shell/hotkeys';
import { useSession } from '@/shell/session';
import styles from './AlarmDesk.module.css';
import { AlarmList, type AlarmListHandle } from './AlarmList';
import { DeskToolbar } from './DeskToolbar';
import { useOpenAlarms, usePastAlarms } from './data';
import { type DeskFilter, readFilter, sift, writeFilter } from './filter';
import { byNewest, type Entry, grouped } from './order';

const AlarmPanel = lazy(() => import('./AlarmPanel'));

/** The key at which an action was asked for; the panel opens its form. */
export interface AskedAction {
  event: string;
  nonce: number;
}

/** The alarm desk: what waits, by level and age, and what can be done about it. */
export default function AlarmDesk() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id: selected } = useParams();
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => readFilter(search), [search]);
  const words = useDeferredValue(filter.words);
  const session = useSession().data;
  const phase = useConnection((state) => state.phase);
  const list = useRef<AlarmListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const [asked, setAsked] = useState<AskedAction | null>(null);

  const past = filter.state === 'closed';
  const open = useOpenAlarms();
  const closed = usePastAlarms(
    { state: ['closed'], q: words, level: filter.levels, enterprise: filter.enterprise },
    past,
  );
  const source = past ? closed : open;

  const entries = useMemo((): Entry[] => {
    const names = session ? [session.username, session.display_name] : [];
    if (past) {
      const rows = sift(closed.data?.items ?? [], { ...filter, words: '' }, names);
      return rows.sort(byNewest).map((alarm) => ({ kind: 'alarm', alarm }));
    }
    return grouped(sift(open.data?.rows ?? [], { ...filter, words }, names));
  }, [past, closed.data, open.data, filter, words, session]);

  const change = useCallback(
    (by: Partial<DeskFilter>) =>
      setSearch((previous) => writeFilter({ ...readFilter(previous), ...by }), { replace: true }),
    [setSearch],
  );
  const select = useCallback(
    (alarm: string | null) =>
      void navigate({ pathname: alarm ? `/alarms/${alarm}` : '/alarms', search: `?${search}` }),
    [navigate, search],
  );
  const ask = (event: string): void => {
    if (selected) setAsked({ event, nonce: Date.now() });
  };

  useHotkeys({
    ArrowDown: () => list.current?.move(1),
    ArrowUp: () => list.current?.move(-1),
    j: () => list.current?.move(1),
    k: () => list.current?.move(-1),
    Enter: () => list.current?.open(),
    c: () => ask('confirm'),
    h: () => ask('handle'),
    x: () => ask('close'),
    n: () => ask('comment'),
    i: () => ask('open_incident'),
    '/': () => field.current?.focus(),
    Escape: (event) => {
      if (event.target === field.current) field.current?.blur();
      else select(null);
    },
  });

  const total = entries.reduce((sum, entry) => sum + (entry.kind === 'alarm' ? 1 : 0), 0);
  const asOf = past ? closed.data?.as_of : open.data?.asOf;
  const filtered = filter.levels.length > 0 || filter.enterprise !== '' || filter.mine || filter.words !== '';

  return (
    <div className={styles.desk} data-panel={selected !== undefined}>
      <section className={styles.main} aria-label={t('desk.title')}>
        <DeskToolbar filter={filter} onChange={change} alarms={open.data?.rows ?? []} searchField={field} />
        {phase === 'stale' && source.data ? <p className={styles.stale}>{t('desk.stale')}</p> : null}
        {source.error && !source.data ? (
          <ProblemNotice error={source.error} onRetry={() => void source.refetch()} />
        ) : !source.data ? (
          <Loading />
        ) : total === 0 ? (
          <Notice
            icon={filtered ? 'filter' : 'check'}
            title={t(filtered ? 'desk.noneFiltered' : past ? 'desk.nonePast' : 'desk.none')}
            detail={t(filtered ? 'desk.noneFilteredNext' : 'desk.noneNext')}
          >
            {filtered ? (
              <button
                type="button"
                className={styles.plain}
                onClick={() => change({ levels: [], enterprise: '', mine: false, words: '' })}
              >
                {t('desk.clearFilter')}
              </button>
            ) : null}
          </Notice>
        ) : (
          <AlarmList ref={list} entries={entries} selected={selected} onSelect={select} />
        )}
        <footer className={styles.foot}>
          <span>{t('desk.count', { count: total })}</span>
          {past && closed.data && closed.data.total > total ? (
            <span>{t('desk.newestOnly', { total: closed.data.total })}</span>
          ) : null}
          {!past && open.data && open.data.leftOut > 0 ? (
            <span className={styles.warn}>{t('desk.leftOut', { count: open.data.leftOut })}</span>
          ) : null}
          <span>{t('desk.asOf', { time: fullTime(asOf) })}</span>
          <span>{t('desk.source')}</span>
          <span className={styles.keys}>
            <kbd>↑</kbd>
            <kbd>↓</kbd> {t('desk.keySelect')} <kbd>/</kbd> {t('desk.keySearch')} <kbd>?</kbd>{' '}
            {t('desk.keyHelp')}
          </span>
        </footer>
      </section>
      {selected ? (
        <Suspense fallback={<Loading />}>
          <AlarmPanel key={selected} id={selected} asked={asked} onClose={() => select(null)} />
        </Suspense>
      ) : (
        <aside className={styles.hint}>
          <Notice icon="keyboard" title={t('desk.pick')} detail={t('desk.pickNext')} />
        </aside>
      )}
    </div>
  );
}
