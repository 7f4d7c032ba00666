import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLabel, useResource } from '@/api/meta';
import type { Text } from '@/api/types';
import { ActionForm } from '@/forms/ActionForm';
import { useText } from '@/i18n';
import { figure, fullTime, withUnit } from '@/i18n/format';
import { Button } from '@/parts/Button';
import { Marks } from '@/parts/Marks';
import { ProblemNotice } from '@/parts/Notice';
import { type Hazard, type StockMovement, useMovements, useMoveStock } from './data';
import styles from './HazardCard.module.css';

interface Props {
  hazard: Hazard;
  /** Its tanks and stores, by id: a form for one alone need not be asked which. */
  holdings: string[];
}

const RECORD: Text = { zh: '登记出入库', en: 'Record a movement' };

/** How a hazard's stock moved lately, and the form that records the next movement. */
export function Movements({ hazard, holdings }: Props) {
  const { t } = useTranslation();
  const found = useMovements(hazard.id);
  const rows = found.data?.items ?? [];
  const more = (found.data?.total ?? 0) > rows.length;
  return (
    <section className={styles.movements} aria-label={t('movement.title')}>
      <h4>{t('movement.title')}</h4>
      <Record hazard={hazard} holdings={holdings} />
      {found.error && !found.data ? <ProblemNotice error={found.error} /> : null}
      {found.data?.total === 0 ? <p className={styles.note}>{t('movement.none')}</p> : null}
      {rows.length > 0 ? <Table rows={rows} /> : null}
      {more ? (
        <p>
          <Link to={`/stock-movements?hazard_id=${hazard.id}`}>
            {t('movement.all', { count: found.data?.total ?? 0 })}
          </Link>
        </p>
      ) : null}
    </section>
  );
}

function Table({ rows }: { rows: StockMovement[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={t('movement.title')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('movement.what')}</th>
            <th scope="col">{t('movement.at')}</th>
            <th scope="col">{t('movement.kind')}</th>
            <th scope="col">{t('movement.quantity')}</th>
            <th scope="col">{t('movement.after')}</th>
            <th scope="col">{t('movement.by')}</th>
            <th scope="col">{t('movement.note')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row" lang="zh-CN">
                {row.substance} <small>{row.equipment}</small> <Marks of={row} />
              </th>
              <td>{fullTime(row.at)}</td>
              <td>{label('MovementKind', row.kind)}</td>
              <td>{withUnit(row.quantity_t, 't')}</td>
              <td>{withUnit(row.stock_t, 't')}</td>
              <td>{row.actor}</td>
              <td lang="zh-CN">{row.note}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** For those who may: the form, and after it what S and R have become. */
function Record({ hazard, holdings }: Props) {
  const { t } = useTranslation();
  const text = useText();
  const label = useLabel();
  const resource = useResource('stock-movements');
  const [open, setOpen] = useState(false);
  const [before, setBefore] = useState<Hazard | null>(null);
  const move = useMoveStock();
  if (!resource?.can_create || !resource.form) return null;
  const changed = (was: number | null | undefined, is: number | null): string =>
    t('movement.change', { before: figure(was, 2), after: figure(is, 2) });
  const regraded = before !== null && before.live_run !== hazard.live_run;
  return (
    <>
      <div>
        <Button
          aria-pressed={open}
          onClick={() => {
            move.reset();
            setOpen(!open);
          }}
        >
          {text(RECORD)}
        </Button>
      </div>
      {open ? (
        <ActionForm
          action={{
            event: 'move_stock',
            label: RECORD,
            form: resource.form,
            confirm: null,
          }}
          {...(holdings.length === 1 ? { from: { holding_id: holdings[0] } } : {})}
          within={{ hazard_id: hazard.id }}
          pending={move.isPending}
          error={move.error}
          onSubmit={(values) => {
            setBefore(hazard);
            move.mutate(values, { onSuccess: () => setOpen(false) });
          }}
          onCancel={() => setOpen(false)}
        />
      ) : null}
      <p role="status" className={styles.moved}>
        {regraded && move.isSuccess
          ? t('movement.moved', {
              s: changed(before.live_s, hazard.live_s),
              r: changed(before.live_r, hazard.live_r),
              level: label('HazardLevel', hazard.live_level),
            })
          : null}
      </p>
    </>
  );
}
