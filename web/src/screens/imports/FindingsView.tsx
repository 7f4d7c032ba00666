import { lazy, type Ref, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useText } from '@/i18n';
import { DASH } from '@/i18n/format';
import { Button, LinkButton } from '@/parts/Button';
import { Loading, ProblemLine } from '@/parts/Notice';
import type { Findings, FoundRow, ImportTarget, RowError } from './data';
import styles from './FindingsView.module.css';
import { cellOf, columnsOf, mapAddress } from './findings';

const PreviewMap = lazy(() => import('./PreviewMap'));

interface Props {
  ref: Ref<HTMLElement>;
  found: Findings;
  target: ImportTarget;
  pending: boolean;
  error: unknown;
  onConfirm: () => void;
  onAgain: () => void;
}

/** What the file would bring in, or has brought in: counts, where it lies, what is wrong, the first rows. */
export function FindingsView({ ref, found, target, pending, error, onConfirm, onAgain }: Props) {
  const { t } = useTranslation();
  const title = t(found.applied ? 'imports.result' : 'imports.found');
  return (
    <section ref={ref} className={styles.findings} tabIndex={-1} aria-label={title}>
      <h2>{title}</h2>
      <p className={styles.counts}>
        <b>{t(found.applied ? 'imports.done' : 'imports.usable', { count: found.usable })}</b>
        {found.rejected > 0 ? (
          <b data-bad>
            {t(found.applied ? 'imports.notDone' : 'imports.rejected', { count: found.rejected })}
          </b>
        ) : null}
      </p>
      {error ? <ProblemLine error={error} /> : null}
      <div className={styles.buttons}>
        {found.applied ? (
          <>
            {found.bounds ? (
              <LinkButton kind="primary" to={mapAddress(found.bounds)}>
                {t('imports.seeOnMap')}
              </LinkButton>
            ) : null}
            <Button onClick={onAgain}>{t('imports.again')}</Button>
          </>
        ) : found.usable > 0 ? (
          <Button kind="primary" disabled={pending} onClick={onConfirm}>
            {pending ? t('imports.importing') : t('imports.confirm', { count: found.usable })}
          </Button>
        ) : (
          <p>{t('imports.nothing')}</p>
        )}
        {!found.applied && found.usable > 0 && found.rejected > 0 ? (
          <p className={styles.note}>{t('imports.leftOut', { count: found.rejected })}</p>
        ) : null}
      </div>
      {found.bounds ? (
        <Suspense fallback={<Loading />}>
          <PreviewMap bounds={found.bounds} rows={found.first} />
        </Suspense>
      ) : found.usable > 0 ? (
        <p className={styles.note}>{t('imports.noPlaces')}</p>
      ) : null}
      {found.errors.length > 0 ? <Errors errors={found.errors} target={target} /> : null}
      {found.first.length > 0 ? <First rows={found.first} target={target} /> : null}
    </section>
  );
}

function Errors({ errors, target }: { errors: RowError[]; target: ImportTarget }) {
  const { t } = useTranslation();
  const text = useText();
  const nameOf = (field: string): string => {
    if (field === 'geometry') return t('imports.geometry');
    return text(target.fields.find(({ name }) => name === field)?.title) || field || t('imports.wholeRow');
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={t('imports.errors')}>
      <h3>{t('imports.errors')}</h3>
      <table data-errors>
        <thead>
          <tr>
            <th scope="col">{t('imports.row')}</th>
            <th scope="col">{t('imports.column')}</th>
            <th scope="col">{t('imports.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {errors.map((error) => (
            <tr key={`${error.number} ${error.field} ${error.message.zh}`}>
              <td>{error.number}</td>
              <td>{nameOf(error.field)}</td>
              <td>{text(error.message)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function First({ rows, target }: { rows: FoundRow[]; target: ImportTarget }) {
  const { t } = useTranslation();
  const text = useText();
  const columns = columnsOf(rows, target);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={t('imports.first', { count: rows.length })}>
      <h3>{t('imports.first', { count: rows.length })}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('imports.row')}</th>
            <th scope="col">{t('imports.place')}</th>
            {columns.map(({ name, title }) => (
              // a heading that the file itself gives is in the file's language
              <th key={name} scope="col" lang={title ? undefined : 'zh-CN'}>
                {title ? text(title) : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.number}>
              <td>{row.number}</td>
              <td>{row.place ? row.place.map((degree) => degree.toFixed(5)).join(', ') : DASH}</td>
              {columns.map(({ name }) => (
                <td key={name} lang="zh-CN">
                  {cellOf(row.values[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
