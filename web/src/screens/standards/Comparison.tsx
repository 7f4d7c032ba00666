import { useTranslation } from 'react-i18next';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { cellOf } from './changes';
import { type Difference, type Standard, type StandardRow, useDifferences } from './data';
import styles from './StandardPage.module.css';
import { useStandardWords } from './words';

const SHARED: Record<string, keyof StandardRow> = { clause: 'clause', certainty: 'certainty', note: 'note' };

/** What the version on screen says differently from version *before*. */
export function Comparison({ standard, before }: { standard: Standard; before: number }) {
  const { t } = useTranslation();
  const found = useDifferences(standard.code, before, standard.number);
  if (found.error && !found.data) return <ProblemNotice error={found.error} />;
  if (!found.data) return <Loading />;
  return (
    <section className={styles.card} aria-label={t('standard.differences')}>
      <h2>{t('standard.between', { before, after: standard.number })}</h2>
      {found.data.length === 0 ? <p>{t('standard.same')}</p> : null}
      <ul className={styles.changes}>
        {found.data.map((one) => (
          <Changed key={one.key} standard={standard} difference={one} />
        ))}
      </ul>
    </section>
  );
}

function Changed({ standard, difference }: { standard: Standard; difference: Difference }) {
  const { t } = useTranslation();
  const words = useStandardWords(standard);
  const { key, before, after, columns } = difference;
  if (!before || !after)
    return (
      <li>
        <b>{key}</b> {t(after ? 'standard.added' : 'standard.removed')}
      </li>
    );
  const value = (row: StandardRow, column: string) => {
    const shared = SHARED[column];
    const own = standard.columns.some(({ name }) => name === column);
    return words.cell(column, shared && !own ? String(row[shared]) : cellOf(row, column));
  };
  return columns.map((column) => (
    <li key={column}>
      <b>{key}</b>
      <span>{words.column(column)}</span>
      <del>{value(before, column)}</del>
      <span aria-hidden="true">→</span>
      <ins>{value(after, column)}</ins>
    </li>
  ));
}
