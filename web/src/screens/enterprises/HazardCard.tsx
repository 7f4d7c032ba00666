import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLabel } from '@/api/meta';
import { DASH, figure, fullTime, withUnit } from '@/i18n/format';
import { Marks } from '@/parts/Marks';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { Computed } from '@/screens/runs/Computed';
import { useRun } from '@/screens/runs/data';
import { useTableNames } from '@/screens/standards/data';
import type { Factor, Grading, Hazard } from './data';
import styles from './HazardCard.module.css';
import { Movements } from './Movements';

/** A major hazard: its level by design and by the stock of now, and every factor of S and R with its row. */
export function HazardCard({ hazard }: { hazard: Hazard }) {
  const { t } = useTranslation();
  const label = useLabel();
  const design = useRun<Grading>(hazard.run);
  return (
    <article className={styles.card}>
      <header>
        <h3 lang="zh-CN">
          <Link to={`/major-hazards/${hazard.id}`}>{hazard.name}</Link> <small>{hazard.code}</small>
        </h3>
        <span>{label('ProcessUnitKind', hazard.kind)}</span>
        <Marks of={hazard} />
      </header>
      <dl className={styles.figures}>
        <div>
          <dt>{t('enterprise.design')}</dt>
          <dd>
            <b>{label('HazardLevel', hazard.level)}</b>
            <Computed run={hazard.run}>
              S {figure(hazard.s, 2)} · R {figure(hazard.r, 2)}
            </Computed>
          </dd>
        </div>
        <div>
          <dt>{t('enterprise.live')}</dt>
          <dd>
            <b>{label('HazardLevel', hazard.live_level)}</b>
            <Computed run={hazard.live_run}>
              S {figure(hazard.live_s, 2)} · R {figure(hazard.live_r, 2)}
            </Computed>
          </dd>
        </div>
      </dl>
      <p className={styles.note}>
        {t('enterprise.gradedAt', { time: fullTime(hazard.graded_at) })} ·{' '}
        {t('enterprise.exposed', { count: hazard.exposed_persons })} ·{' '}
        {t('enterprise.people', {
          principal: hazard.principal || DASH,
          technical: hazard.technical_lead || DASH,
          operations: hazard.operations_lead || DASH,
        })}
      </p>
      {hazard.run ? <Factors hazard={hazard} run={hazard.run} /> : null}
      <Movements hazard={hazard} holdings={design.data?.result.factors.map(({ holding }) => holding) ?? []} />
    </article>
  );
}

function Factors({ hazard, run }: { hazard: Hazard; run: string }) {
  const { t } = useTranslation();
  const design = useRun<Grading>(run);
  const live = useRun<Grading>(hazard.live_run);
  if (design.error && !design.data) return <ProblemNotice error={design.error} />;
  if (!design.data) return <Loading />;
  const { result, manifest } = design.data;
  const stocks = new Map(live.data?.result.factors.map((factor) => [factor.holding, factor.quantity_t]));
  const versionOf = (table: string) => /^v(\d+)/.exec(manifest.tables[table] ?? '')?.[1] ?? '';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={t('enterprise.opened')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('enterprise.material')}</th>
            <th scope="col">{t('enterprise.stock')}</th>
            <th scope="col">{t('enterprise.quantity')}</th>
            <th scope="col">{t('enterprise.critical')}</th>
            <th scope="col">{t('enterprise.ratio')}</th>
            <th scope="col">β</th>
            <th scope="col">{t('enterprise.weighted')}</th>
          </tr>
        </thead>
        <tbody>
          {result.factors.map((factor) => (
            <FactorRow
              key={factor.holding}
              factor={factor}
              stock={stocks.get(factor.holding) ?? null}
              versionOf={versionOf}
            />
          ))}
        </tbody>
      </table>
      <p className={styles.note}>
        {t('enterprise.sums', {
          s: figure(result.s, 2),
          r: figure(result.r, 2),
          alpha: figure(result.alpha),
        })}
        {' · '}
        <RowLink table="gb18218_alpha" row={result.alpha_row} version={versionOf('gb18218_alpha')} />
      </p>
    </section>
  );
}

function FactorRow({
  factor,
  stock,
  versionOf,
}: {
  factor: Factor;
  stock: number | null;
  versionOf: (table: string) => string;
}) {
  const share = stock === null || factor.quantity_t === 0 ? null : stock / factor.quantity_t;
  return (
    <tr>
      <th scope="row" lang="zh-CN">
        {factor.substance} <small>{factor.equipment}</small>
      </th>
      <td>
        <span className={styles.stock}>
          {withUnit(stock, 't')} / {withUnit(factor.quantity_t, 't')}
          <meter
            min={0}
            max={1}
            value={share ?? 0}
            aria-label={factor.equipment}
            data-over={(share ?? 0) > 1}
          />
        </span>
      </td>
      <td>{withUnit(factor.quantity_t, 't')}</td>
      <td>
        {withUnit(factor.critical_t, 't')}
        <RowLink
          table={factor.critical_table}
          row={factor.critical_row}
          version={versionOf(factor.critical_table)}
        />
      </td>
      <td>{figure(factor.q_over_q, 3)}</td>
      <td>
        {figure(factor.beta)}
        <RowLink table={factor.beta_table} row={factor.beta_row} version={versionOf(factor.beta_table)} />
      </td>
      <td>{figure(factor.weighted, 3)}</td>
    </tr>
  );
}

/** Leads to the very row of the table version that a factor was read from. */
function RowLink({ table, row, version }: { table: string; row: string; version: string }) {
  const { t } = useTranslation();
  const names = useTableNames();
  if (!table) return null;
  const search = new URLSearchParams({ version, row });
  return (
    <Link className={styles.row as string} to={`/standards/${table}?${search}`} title={names(table) ?? ''}>
      {t('enterprise.row', { row })}
    </Link>
  );
}
