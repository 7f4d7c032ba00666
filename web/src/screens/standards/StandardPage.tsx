import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useParams, useSearchParams } from 'react-router';
import { request } from '@/api/http';
import { useLabel, useMeta } from '@/api/meta';
import { useText } from '@/i18n';
import { DASH, figure } from '@/i18n/format';
import { Button } from '@/parts/Button';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { useMay } from '@/shell/session';
import { Comparison } from './Comparison';
import { CERTAINTY, CLAUSE, cellOf, changesOf, type Edits, NOTE } from './changes';
import { type Standard, type StandardColumn, type StandardRow, useStandard } from './data';
import { PublishForm } from './PublishForm';
import styles from './StandardPage.module.css';

/** Units that are words. */
const UNITS: Record<string, string> = { 人: 'standard.persons' };

/** The page of a table by the id that lists and links know. */
export function StandardById() {
  const { id = '' } = useParams();
  const found = useQuery({
    queryKey: ['standards', 'by-id', id],
    queryFn: ({ signal }) => request<{ code: string }>(`/api/standard-tables/${id}`, { signal }),
  });
  if (found.error) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  return found.data ? <Navigate to={`/standards/${found.data.code}`} replace /> : <Loading />;
}

/** A table of standards: one version with its rows, what differs from another, and a new version out of it. */
export default function StandardPage() {
  const { code = '' } = useParams();
  const [search] = useSearchParams();
  const asked = Number(search.get('version')) || null;
  const inForce = useStandard(code, null);
  const chosen = useStandard(code, asked);
  const error = inForce.error ?? chosen.error;
  if (error && !(inForce.data && chosen.data))
    return <ProblemNotice error={error} onRetry={() => void chosen.refetch()} />;
  if (!inForce.data || !chosen.data) return <Loading />;
  return (
    <Loaded
      key={`${code} ${chosen.data.number}`}
      standard={chosen.data}
      inForce={inForce.data.number}
      newest={Math.max(inForce.data.newest, chosen.data.newest)}
    />
  );
}

function Loaded({ standard, inForce, newest }: { standard: Standard; inForce: number; newest: number }) {
  const { t } = useTranslation();
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const [edits, setEdits] = useState<Edits | null>(null);
  const mayPublish = useMay('standards.publish');
  const changes = useMemo(() => (edits ? changesOf(standard, edits) : []), [standard, edits]);
  const compared = Number(search.get('compare')) || null;
  const set = (name: string, value: string): void =>
    setSearch(
      (previous) => {
        const next = new URLSearchParams(previous);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const versions = Array.from({ length: newest }, (_, index) => newest - index);
  const standing = standard.number === inForce ? 'now' : standard.number > inForce ? 'later' : 'before';
  const unconfirmed = standard.rows.filter((row) => row.needs_confirmation).length;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <Link to="/standard-tables">{t('standard.all')}</Link>
          <h1>{text(standard.title)}</h1>
          <p className={styles.basis}>{standard.basis}</p>
        </div>
        <div className={styles.tools}>
          <label>
            {t('standard.version')}
            <select value={standard.number} onChange={(event) => set('version', event.target.value)}>
              {versions.map((number) => (
                <option key={number} value={number}>
                  {t('standard.numbered', { number })}
                </option>
              ))}
            </select>
          </label>
          {newest > 1 ? (
            <label>
              {t('standard.compareWith')}
              <select value={compared ?? ''} onChange={(event) => set('compare', event.target.value)}>
                <option value="">{t('standard.noComparison')}</option>
                {versions
                  .filter((number) => number !== standard.number)
                  .map((number) => (
                    <option key={number} value={number}>
                      {t('standard.numbered', { number })}
                    </option>
                  ))}
              </select>
            </label>
          ) : null}
          {mayPublish && standard.number === newest && !edits ? (
            <Button kind="primary" onClick={() => setEdits({})}>
              {t('standard.edit')}
            </Button>
          ) : null}
        </div>
      </header>
      <p className={styles.facts}>
        <b data-standing={standing}>
          {t(
            standing === 'now'
              ? 'standard.inForce'
              : standing === 'later'
                ? 'standard.notYet'
                : 'standard.replaced',
          )}
        </b>
        <span>{t('standard.from', { date: standard.effective_from })}</span>
        <span>{t('map.source', { source: standard.source || DASH })}</span>
        {unconfirmed > 0 ? (
          <span className={styles.unsure}>{t('standard.unconfirmed', { count: unconfirmed })}</span>
        ) : null}
      </p>
      {compared ? <Comparison standard={standard} before={compared} /> : null}
      <Rows standard={standard} row={search.get('row')} edits={edits} onEdit={setEdits} />
      {edits ? (
        <PublishForm
          standard={standard}
          changes={changes}
          onDone={(number) => set('version', String(number))}
          onCancel={() => setEdits(null)}
        />
      ) : null}
    </div>
  );
}

interface RowsProps {
  standard: Standard;
  /** The row that a link leads to. */
  row: string | null;
  edits: Edits | null;
  onEdit: (edits: Edits) => void;
}

function Rows({ standard, row, edits, onEdit }: RowsProps) {
  const { t } = useTranslation();
  const text = useText();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={text(standard.title)}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('standard.item')}</th>
            {standard.columns.map((column) => (
              <th key={column.name} scope="col" data-kind={column.kind}>
                {text(column.title)}
                {column.unit ? ` (${UNITS[column.unit] ? t(UNITS[column.unit] ?? '') : column.unit})` : null}
              </th>
            ))}
            <th scope="col">{t('standard.clause')}</th>
            <th scope="col">{t('standard.certainty')}</th>
            <th scope="col">{t('standard.note')}</th>
          </tr>
        </thead>
        <tbody>
          {standard.rows.map((one) => (
            <OneRow
              key={one.key}
              row={one}
              columns={standard.columns}
              wanted={one.key === row}
              edits={edits}
              onEdit={onEdit}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function OneRow({
  row,
  columns,
  wanted,
  edits,
  onEdit,
}: {
  row: StandardRow;
  columns: StandardColumn[];
  wanted: boolean;
  edits: Edits | null;
  onEdit: (edits: Edits) => void;
}) {
  const { t } = useTranslation();
  const label = useLabel();
  const line = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (wanted) line.current?.scrollIntoView({ block: 'center' });
  }, [wanted]);
  const cell = (column: string, kind: string, name: string): React.ReactNode => {
    const value = cellOf(row, column);
    if (!edits) return typeof value === 'number' ? figure(value) : value || DASH;
    return (
      <CellInput
        name={`${row.key} ${name}`}
        number={kind === 'number'}
        value={edits[row.key]?.[column] ?? String(value ?? '')}
        onChange={(text) => onEdit({ ...edits, [row.key]: { ...edits[row.key], [column]: text } })}
      />
    );
  };
  return (
    <tr ref={line} data-wanted={wanted}>
      <th scope="row" lang="zh-CN">
        {row.key}
      </th>
      {columns.map((column) => (
        <td key={column.name} data-kind={column.kind}>
          {cell(column.name, column.kind, column.title.zh)}
        </td>
      ))}
      <td>{cell(CLAUSE, 'text', t('standard.clause'))}</td>
      <td>
        {edits ? (
          <Certainties
            name={`${row.key} ${t('standard.certainty')}`}
            value={edits[row.key]?.[CERTAINTY] ?? row.certainty}
            onChange={(value) => onEdit({ ...edits, [row.key]: { ...edits[row.key], [CERTAINTY]: value } })}
          />
        ) : (
          <>
            {label('Certainty', row.certainty)}{' '}
            {row.needs_confirmation ? <b className={styles.confirm}>{t('standard.confirm')}</b> : null}
          </>
        )}
      </td>
      <td className={styles.note}>{cell(NOTE, 'text', t('standard.note'))}</td>
    </tr>
  );
}

function CellInput({
  name,
  number,
  value,
  onChange,
}: {
  name: string;
  number: boolean;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <input
      type="text"
      inputMode={number ? 'decimal' : 'text'}
      aria-label={name}
      value={value}
      size={number ? 8 : Math.min(28, Math.max(8, value.length + 2))}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Certainties({
  name,
  value,
  onChange,
}: {
  name: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const label = useLabel();
  const { enums } = useMeta();
  return (
    <select aria-label={name} value={value} onChange={(event) => onChange(event.target.value)}>
      {(enums.Certainty ?? []).map(({ code }) => (
        <option key={code} value={code}>
          {label('Certainty', code)}
        </option>
      ))}
    </select>
  );
}
