import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLabel } from '@/api/meta';
import { LevelChip } from '@/design/LevelChip';
import { lookOf } from '@/design/levels';
import { DASH, figure, fullTime, withUnit } from '@/i18n/format';
import { Button } from '@/parts/Button';
import { Marks } from '@/parts/Marks';
import { Loading, Notice, ProblemNotice } from '@/parts/Notice';
import type { Point } from '@/screens/points/data';
import { type Measured, periodUpTo, useHistory } from '@/screens/points/history';
import { worstCrossed } from '@/screens/points/limits';
import { type PointLimit, useLimits, usePoints } from './data';
import page from './EnterprisePage.module.css';
import styles from './Points.module.css';

const Trend = lazy(() => import('@/screens/points/Trend'));

const DAY_MS = 86_400_000;
const WIDTH = 1000;
const NOBODY: Measured[] = [];
const NO_POINTS: Point[] = [];

/** The enterprise's points with their values against the limits, and the last day of the one chosen. */
export function Points({ enterprise }: { enterprise: string }) {
  const { t } = useTranslation();
  const found = usePoints(enterprise);
  const points = found.data?.items ?? NO_POINTS;
  const limits = useLimits(enterprise).data;
  const [chosen, setChosen] = useState<string | null>(null);
  const byPoint = useMemo(() => {
    const groups = new Map<string, PointLimit[]>();
    for (const limit of limits ?? [])
      groups.set(limit.point_id, [...(groups.get(limit.point_id) ?? []), limit]);
    return groups;
  }, [limits]);
  const shown = points.find(({ id }) => id === chosen) ?? points[0];
  return (
    <section className={page.section} aria-label={t('enterprise.points')}>
      <h2>
        {t('enterprise.points')} <small>{found.data?.total}</small>
      </h2>
      {found.error && !found.data ? <ProblemNotice error={found.error} /> : null}
      {found.data?.total === 0 ? <p className={page.none}>{t('enterprise.noPoints')}</p> : null}
      {shown ? (
        <div className={styles.split}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section className={styles.scroll} tabIndex={0} aria-label={t('enterprise.points')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('enterprise.points')}</th>
                  <th scope="col">{t('enterprise.value')}</th>
                  <th scope="col">{t('enterprise.limits')}</th>
                  <th scope="col">{t('enterprise.at')}</th>
                  <th scope="col">
                    <span className="visually-hidden">{t('enterprise.chart')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {points.map((point) => (
                  <PointRow
                    key={point.id}
                    point={point}
                    limits={byPoint.get(point.id) ?? []}
                    chosen={point.id === shown.id}
                    onChoose={() => setChosen(point.id)}
                  />
                ))}
              </tbody>
            </table>
          </section>
          <DayTrend key={shown.id} point={shown} limits={byPoint.get(shown.id) ?? []} />
        </div>
      ) : null}
    </section>
  );
}

function PointRow({
  point,
  limits,
  chosen,
  onChoose,
}: {
  point: Point;
  limits: PointLimit[];
  chosen: boolean;
  onChoose: () => void;
}) {
  const { t } = useTranslation();
  const label = useLabel();
  const crossed = worstCrossed(limits, point.latest_value);
  return (
    <tr data-chosen={chosen}>
      <th scope="row" lang="zh-CN">
        <Link to={`/points/${point.id}`}>{point.name}</Link> <small>{point.tag}</small> <Marks of={point} />
      </th>
      <td data-tone={crossed ? lookOf(crossed.level).tone : 'none'}>
        {withUnit(point.latest_value, point.unit)}{' '}
        {crossed ? <LevelChip level={crossed.level} ladder="AlarmLevel" /> : null}
      </td>
      <td className={styles.limits}>
        {limits
          .filter(({ threshold }) => threshold !== null)
          .map((limit) => `${label('Condition', limit.kind)} ${figure(limit.threshold)}`)
          .join(' · ') || DASH}
      </td>
      <td>{fullTime(point.latest_at)}</td>
      <td>
        <Button aria-pressed={chosen} onClick={onChoose}>
          {t('enterprise.chart')}
        </Button>
      </td>
    </tr>
  );
}

function DayTrend({ point, limits }: { point: Point; limits: PointLimit[] }) {
  const { t } = useTranslation();
  const end = point.latest_at ? Date.parse(point.latest_at) : null;
  const period = periodUpTo(end, DAY_MS);
  const history = useHistory(point, NOBODY, period, WIDTH);
  const line = history.data?.lines[0];
  return (
    <div className={styles.trend}>
      <h3>{t('enterprise.trend')}</h3>
      <p lang="zh-CN">{point.name}</p>
      {history.data && line && period && line.time_ms.length > 0 ? (
        <>
          <Suspense fallback={<Loading />}>
            <Trend lines={history.data.lines} limits={limits} period={period} />
          </Suspense>
          <p className={page.none}>{t('point.asOf', { time: fullTime(history.data.as_of) })}</p>
        </>
      ) : end === null || history.data ? (
        <Notice icon="point" title={t('point.none')} detail={t('point.noneNext')} />
      ) : (
        <Loading />
      )}
    </div>
  );
}
