import { useTranslation } from 'react-i18next';
import { useLabel } from '@/api/meta';
import { useText } from '@/i18n';
import { DASH, figure } from '@/i18n/format';
import { CERTAINTY, CLAUSE, NOTE } from './changes';
import type { Cell, Standard } from './data';

/** Words for columns and cells of a table, those that every row has included. */
export function useStandardWords(standard: Standard) {
  const { t } = useTranslation();
  const text = useText();
  const label = useLabel();
  const column = (name: string): string => {
    if (name === CLAUSE || name === 'clause') return t('standard.clause');
    if (name === CERTAINTY || name === 'certainty') return t('standard.certainty');
    if (name === NOTE || name === 'note') return t('standard.note');
    return text(standard.columns.find((one) => one.name === name)?.title);
  };
  const cell = (name: string, value: Cell): string => {
    if (value === null || value === '') return DASH;
    if (name === CERTAINTY || name === 'certainty') return label('Certainty', value);
    return typeof value === 'number' ? figure(value) : value;
  };
  return { column, cell };
}
