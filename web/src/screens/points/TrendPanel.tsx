import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/api/meta';
import { Icon } from '@/design/icons';
import { palettes } from '@/design/tokens';
import { figure, fullTime } from '@/i18n/format';
import { Button } from '@/parts/Button';
import { Loading, Notice, ProblemNotice } from '@/parts/Notice';
import { usePreferences } from '@/shell/preferences';
import { useMay } from '@/shell/session';
import { shadeOf, strokeOf } from './chart';
import type { Limit } from './data';
import {
  type GapMap,
  type History,
  type Measured,
  periodUpTo,
  saveParquet,
  useEvents,
  useGaps,
  useHistory,
  usePointSearch,
} from './history';
import { doubtful } from './lines';
import styles from './TrendPanel.module.css';
import { TrendTable } from './TrendTable';

const Trend = lazy(() => import('./Trend'));

const HOUR = 3_600_000;
const SPANS = [
  ['1h', HOUR],
  ['8h', 8 * HOUR],
  ['1d', 24 * HOUR],
  ['7d', 168 * HOUR],
  ['30d', 720 * HOUR],
  ['1y', 8760 * HOUR],
] as const;
const WIDTH = 900;
const MAX_OTHERS = 7;

interface Props {
  point: Measured;
  end: number | null;
  limits: Limit[];
}

/** The trend of a point up to its newest reading: against others, with what else happened, as chart or table. */
export function TrendPanel({ point, end, limits }: Props) {
  const { t } = useTranslation();
  const [span, setSpan] = useState<number>(8 * HOUR);
  const [others, setOthers] = useState<Measured[]>([]);
  const [withEvents, setWithEvents] = useState(true);
  const [asTable, setAsTable] = useState(false);
  const period = periodUpTo(end, span);
  const history = useHistory(point, others, period, WIDTH);
  const events = useEvents(point, others, period, withEvents);
  const gaps = useGaps(point, period);
  const shownEvents = withEvents ? (events.data?.items ?? []) : [];
  const data = history.data;
  const empty = data?.lines.every((line) => line.time_ms.length === 0);
  return (
    <section className={styles.trend} aria-label={t('point.trend')}>
      <div className={styles.bar}>
        <h2>{t('point.trend')}</h2>
        <fieldset aria-label={t('point.span')} className={styles.spans}>
          {SPANS.map(([name, ms]) => (
            <Button key={name} aria-pressed={span === ms} onClick={() => setSpan(ms)}>
              {t(`point.spans.${name}`)}
            </Button>
          ))}
        </fieldset>
        <div className={styles.tools}>
          <Button aria-pressed={withEvents} onClick={() => setWithEvents(!withEvents)}>
            {t('point.events')}
          </Button>
          <Button aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {t('point.table')}
          </Button>
          <Export point={point} others={others} period={period} />
        </div>
      </div>
      <Compared point={point} others={others} onChange={setOthers} />
      {history.error && !data ? (
        <ProblemNotice error={history.error} onRetry={() => void history.refetch()} />
      ) : data && period && !empty ? (
        <>
          {asTable ? (
            <TrendTable lines={data.lines} events={shownEvents} gaps={gaps.data} />
          ) : (
            <Suspense fallback={<Loading />}>
              <Trend lines={data.lines} limits={limits} period={period} events={shownEvents} />
            </Suspense>
          )}
          <Foot history={data} gaps={gaps.data} replayed={data.lines.some((line) => line.timeline)} />
          {events.data?.truncated && withEvents ? (
            <p className={styles.foot}>{t('point.moreEvents')}</p>
          ) : null}
        </>
      ) : end === null || data ? (
        <Notice icon="point" title={t('point.none')} detail={t('point.noneNext')} />
      ) : (
        <Loading />
      )}
    </section>
  );
}

function Foot({
  history,
  gaps,
  replayed,
}: {
  history: History;
  gaps: GapMap | undefined;
  replayed: boolean;
}) {
  const { t } = useTranslation();
  const label = useLabel();
  const theme = usePreferences((state) => state.theme);
  const marked = [...new Set(history.lines.flatMap((line) => doubtful(line).map((one) => one.quality)))];
  const said = [
    t('point.asOf', { time: fullTime(history.as_of) }),
    history.lines.some((line) => line.thinned) ? t('point.thinned') : null,
    t(`point.resolution.${history.resolution}`),
    gaps
      ? t('point.complete', { share: figure(100 * gaps.completeness, 1), missing: figure(gaps.missing) })
      : null,
    replayed ? t('point.timeline') : null,
  ];
  return (
    <>
      <p className={styles.foot}>{said.filter(Boolean).join(' · ')}</p>
      {marked.length > 0 ? (
        <ul className={styles.shades} aria-label={t('point.shades')}>
          {marked.sort().map((quality) => (
            <li key={quality}>
              <i style={{ background: shadeOf(quality, palettes[theme]) }} />
              {label('Quality', String(quality))}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}

/** The points on the chart with their strokes, and the way to add further ones. */
function Compared({
  point,
  others,
  onChange,
}: {
  point: Measured;
  others: Measured[];
  onChange: (now: Measured[]) => void;
}) {
  const { t } = useTranslation();
  const theme = usePreferences((state) => state.theme);
  const [words, setWords] = useState('');
  const found = usePointSearch(words);
  const field = useId();
  const taken = new Set([point.id, ...others.map((other) => other.id)]);
  const offered = (found.data?.items ?? []).filter((one) => !taken.has(one.id));
  const searched = words.trim().length > 0;
  return (
    <div className={styles.compared}>
      {others.length > 0 ? (
        <ul aria-label={t('point.compared')}>
          {[point, ...others].map((one, index) => (
            <li key={one.id}>
              <i
                style={{
                  borderTopColor: strokeOf(index, palettes[theme]).color,
                  borderTopStyle: strokeOf(index, palettes[theme]).type,
                }}
              />
              <span lang="zh-CN">{`${one.tag} ${one.name}`}</span> {one.unit}
              {index > 0 ? (
                <button
                  type="button"
                  aria-label={t('point.takeAway', { tag: one.tag })}
                  onClick={() => onChange(others.filter((other) => other.id !== one.id))}
                >
                  <Icon name="close" size={14} />
                </button>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {others.length < MAX_OTHERS ? (
        <div className={styles.picker}>
          <label htmlFor={field}>{t('point.compare')}</label>
          <input
            id={field}
            type="search"
            autoComplete="off"
            placeholder={t('point.comparePlaceholder')}
            value={words}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setWords('')}
          />
          {searched ? (
            <ul className={styles.offered}>
              {offered.map((one) => (
                <li key={one.id}>
                  <button
                    type="button"
                    onClick={() => {
                      onChange([...others, one]);
                      setWords('');
                    }}
                  >
                    <span lang="zh-CN">{`${one.tag} ${one.name}`}</span>
                    <small lang="zh-CN">{one.enterprise_name}</small>
                  </button>
                </li>
              ))}
              {found.data && offered.length === 0 ? (
                <li className={styles.foot}>{t('point.nothingFound')}</li>
              ) : null}
            </ul>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function Export({
  point,
  others,
  period,
}: {
  point: Measured;
  others: Measured[];
  period: { from: number; to: number } | null;
}) {
  const { t } = useTranslation();
  const may = useMay('history.export');
  const saving = useMutation({
    mutationFn: (of: { from: number; to: number }) => saveParquet(point, others, of),
  });
  if (!may || !period) return null;
  return (
    <>
      <Button disabled={saving.isPending} onClick={() => saving.mutate(period)}>
        {t('point.export')}
      </Button>
      {saving.error ? <ProblemNotice error={saving.error} onRetry={() => saving.mutate(period)} /> : null}
    </>
  );
}
