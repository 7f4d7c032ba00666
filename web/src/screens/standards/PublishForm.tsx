import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/parts/Button';
import { ProblemLine } from '@/parts/Notice';
import { type CellChange, faultsOf, payloadOf } from './changes';
import { type Standard, usePublish } from './data';
import styles from './StandardPage.module.css';
import { useStandardWords } from './words';

interface Props {
  standard: Standard;
  changes: CellChange[];
  onDone: (number: number) => void;
  onCancel: () => void;
}

/** The difference that a new version would make, and from when and by what it holds. */
export function PublishForm({ standard, changes, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const words = useStandardWords(standard);
  const publish = usePublish(standard.code);
  const [from, setFrom] = useState('');
  const [source, setSource] = useState('');
  const [note, setNote] = useState('');
  const ids = useId();
  const faults = new Set(faultsOf(standard, changes));

  function submit(event: FormEvent): void {
    event.preventDefault();
    const body = {
      based_on: standard.number,
      effective_from: from,
      source,
      note,
      changes: payloadOf(changes),
    };
    publish.mutate(body, { onSuccess: ({ number }) => onDone(number) });
  }

  return (
    <form className={styles.publish} onSubmit={submit} aria-label={t('standard.publish')}>
      <h2>{t('standard.preview', { count: changes.length })}</h2>
      {changes.length === 0 ? <p>{t('standard.nothing')}</p> : null}
      <ul className={styles.changes}>
        {changes.map((change) => (
          <li key={`${change.key} ${change.column}`}>
            <b>{change.key}</b>
            <span>{words.column(change.column)}</span>
            <del>{words.cell(change.column, change.before)}</del>
            <span aria-hidden="true">→</span>
            <ins>{words.cell(change.column, change.after)}</ins>
            {faults.has(change) ? <em>{t('standard.notANumber')}</em> : null}
          </li>
        ))}
      </ul>
      <div className={styles.fields}>
        <span>
          <label htmlFor={`${ids}from`}>{t('standard.effective')}</label>
          <input
            id={`${ids}from`}
            type="date"
            required
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        </span>
        <span>
          <label htmlFor={`${ids}source`}>{t('standard.source')}</label>
          <input
            id={`${ids}source`}
            required
            minLength={2}
            maxLength={256}
            value={source}
            onChange={(event) => setSource(event.target.value)}
          />
        </span>
        <span>
          <label htmlFor={`${ids}note`}>{t('standard.why')}</label>
          <input
            id={`${ids}note`}
            maxLength={400}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </span>
      </div>
      <p className={styles.basis}>{t('standard.stays')}</p>
      {publish.error ? <ProblemLine error={publish.error} /> : null}
      <div className={styles.buttons}>
        <Button
          type="submit"
          kind="primary"
          disabled={publish.isPending || changes.length === 0 || faults.size > 0}
        >
          {publish.isPending ? t('form.working') : t('standard.publish')}
        </Button>
        <Button onClick={onCancel}>{t('form.cancel')}</Button>
      </div>
    </form>
  );
}
