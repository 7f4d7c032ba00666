import { useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { query, request } from '@/api/http';
import { useLabel, useMeta, useResource } from '@/api/meta';
import type { ColumnMeta, Page, ResourceMeta } from '@/api/types';
import { useLanguage, useText } from '@/i18n';
import { fullTime } from '@/i18n/format';
import { Button, LinkButton } from '@/parts/Button';
import { Loading, Notice, ProblemNotice } from '@/parts/Notice';
import { useTyped } from '@/parts/typed';
import { useImportTargets } from '@/screens/imports/data';
import { NotFound } from '@/screens/NotFound';
import { useMay } from '@/shell/session';
import { Cell, type Row } from './Cell';
import styles from './ListScreen.module.css';

const SIZE = 50;

/** The list of any resource: filters, search, order and pages live in the address. */
export default function ListScreen({ plural }: { plural?: string }) {
  const params = useParams();
  const resource = useResource(plural ?? params.plural ?? '');
  return resource ? <List key={resource.plural} resource={resource} /> : <NotFound />;
}

function List({ resource }: { resource: ResourceMeta }) {
  const { t } = useTranslation();
  const text = useText();
  // A gateway is made on a screen of its own, for it shows a key.
  const mayConnect = useMay('gateways.write') && resource.plural === 'gateways';
  const importable = useImportTargets().data?.some(({ name }) => name === resource.plural) ?? false;
  const [search, setSearch] = useSearchParams();
  const page = Math.max(1, Number(search.get('page') ?? 1) || 1);
  const asked: Record<string, string | number> = Object.fromEntries(search);
  const found = useQuery({
    queryKey: ['list', resource.plural, useDeferredValue(search.toString())],
    queryFn: ({ signal }) =>
      request<Page<Row>>(`/api/${resource.plural}${query({ ...asked, page, size: SIZE })}`, { signal }),
    placeholderData: (previous) => previous,
  });

  const change = (name: string, value: string): void =>
    setSearch(
      (previous) => {
        const next = new URLSearchParams(previous);
        if (value) next.set(name, value);
        else next.delete(name);
        if (name !== 'page') next.delete('page');
        return next;
      },
      { replace: true },
    );

  const exported = new URLSearchParams(search);
  exported.delete('page');
  const pages = Math.max(1, Math.ceil((found.data?.total ?? 0) / SIZE));
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>{text(resource.title)}</h1>
        {resource.search ? (
          <TypedInput
            type="search"
            label={t('generic.search')}
            value={search.get('q') ?? ''}
            onChange={(value) => change('q', value)}
          />
        ) : null}
        {resource.filters
          .filter((filter) => filter.kind !== 'link' && !filter.range)
          .map((filter) => (
            <FilterInput
              key={filter.field}
              filter={filter}
              value={search.get(filter.field) ?? ''}
              onChange={(value) => change(filter.field, value)}
            />
          ))}
        <span className={styles.tools}>
          <a href={`/api/${resource.plural}/export.csv?${exported}`} download>
            {t('generic.export')}
          </a>
          {importable ? (
            <LinkButton to={`/import?target=${resource.plural}`}>{t('imports.here')}</LinkButton>
          ) : null}
          {resource.can_create || mayConnect ? (
            <LinkButton kind="primary" to={`/${resource.plural}/new`}>
              {t('generic.new')}
            </LinkButton>
          ) : null}
        </span>
      </header>
      {found.error && !found.data ? (
        <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />
      ) : !found.data ? (
        <Loading />
      ) : found.data.items.length === 0 ? (
        <Notice icon="list" title={t('generic.none')} detail={t('generic.noneNext')} />
      ) : (
        <Table
          resource={resource}
          rows={found.data.items}
          sort={search.get('sort') ?? ''}
          onSort={(by) => change('sort', by)}
        />
      )}
      <footer className={styles.foot}>
        <span>{t('generic.total', { count: found.data?.total ?? 0 })}</span>
        <span>{t('desk.asOf', { time: fullTime(found.data?.as_of) })}</span>
        <nav aria-label={t('generic.pages')}>
          <Button disabled={page <= 1} onClick={() => change('page', String(page - 1))}>
            {t('generic.previous')}
          </Button>
          <span>
            {page} / {pages}
          </span>
          <Button disabled={page >= pages} onClick={() => change('page', String(page + 1))}>
            {t('generic.next')}
          </Button>
        </nav>
      </footer>
    </div>
  );
}

function nextSort(field: string, sort: string): string {
  if (sort === field) return `-${field}`;
  return sort === `-${field}` ? '' : field;
}

interface TableProps {
  resource: ResourceMeta;
  rows: Row[];
  sort?: string;
  onSort?: (by: string) => void;
}

/** What a cell cut short says in full when it is pointed at. */
function fullText(column: ColumnMeta, row: Row): string | undefined {
  const value = row[column.field];
  return (column.kind === 'text' || column.kind === 'link') && typeof value === 'string' ? value : undefined;
}

/** Rows as a table, each on one line; the last column, always in sight, leads to the object. */
export function Table({ resource, rows, sort = '', onSort }: TableProps) {
  const { t } = useTranslation();
  const text = useText();
  const direction = (column: ColumnMeta) =>
    sort === column.field ? 'ascending' : sort === `-${column.field}` ? 'descending' : undefined;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={text(resource.title)}>
      <table className={styles.table}>
        <thead>
          <tr>
            {resource.columns.map((column) => (
              <th
                key={column.field}
                scope="col"
                style={column.width ? { minWidth: column.width } : undefined}
                data-kind={column.kind}
                aria-sort={direction(column)}
              >
                {column.sortable && onSort ? (
                  <button type="button" onClick={() => onSort(nextSort(column.field, sort))}>
                    {text(column.title)}
                    <span aria-hidden="true">
                      {direction(column) === 'ascending'
                        ? ' ↑'
                        : direction(column) === 'descending'
                          ? ' ↓'
                          : ''}
                    </span>
                  </button>
                ) : (
                  text(column.title)
                )}
              </th>
            ))}
            <th scope="col">
              <span className="visually-hidden">{t('generic.open')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {resource.columns.map((column) => (
                <td key={column.field} data-kind={column.kind} title={fullText(column, row)}>
                  <Cell column={column} row={row} />
                </td>
              ))}
              <td>
                <Link to={`/${resource.plural}/${row.id}`}>{t('generic.open')}</Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface TypedProps {
  type: 'search' | 'text';
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function TypedInput({ type, label, value, onChange }: TypedProps) {
  const [typed, setTyped] = useTyped(value, onChange);
  return (
    <input
      type={type}
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

function FilterInput({
  filter,
  value,
  onChange,
}: {
  filter: ColumnMeta;
  value: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const label = useLabel();
  const language = useLanguage();
  const { enums, regions } = useMeta();
  const title = text(filter.title);
  if (filter.kind === 'text')
    return <TypedInput type="text" label={title} value={value} onChange={onChange} />;
  const options: [string, string][] =
    filter.kind === 'region'
      ? regions.map((region) => [region.code, language === 'en' ? region.en : region.zh])
      : filter.kind === 'bool'
        ? [
            ['true', t('generic.yes')],
            ['false', t('generic.no')],
          ]
        : (enums[filter.enum ?? ''] ?? []).map((member) => [member.code, label(filter.enum, member.code)]);
  return (
    <select aria-label={title} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t('generic.any', { title })}</option>
      {options.map(([code, name]) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </select>
  );
}
