import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import type { ActionMeta } from '@/api/types';
import { useText } from '@/i18n';
import { Button } from '@/parts/Button';
import { ProblemLine } from '@/parts/Notice';
import styles from './ActionForm.module.css';
import { Choices } from './Choices';
import { FieldInput } from './FieldInput';
import { fieldsOf, initialValues, payloadOf, type Values } from './schema';

interface Props {
  action: ActionMeta;
  /** What stands now, for an action that says totals anew. */
  from?: Values;
  within?: Record<string, string>;
  pending: boolean;
  error: unknown;
  onSubmit: (values: Values) => void;
  onCancel: () => void;
}

/** What an action asks for before it is done; what cannot be taken back says so here. */
export function ActionForm({ action, from, within, pending, error, onSubmit, onCancel }: Props) {
  const { t } = useTranslation();
  const text = useText();
  const fields = fieldsOf(action.form);
  const [values, setValues] = useState<Values>(() => initialValues(fields, from));
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea, select, button')?.focus(), []);
  const problem = error ? asProblem(error) : null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    onSubmit(payloadOf(fields, values));
  }

  return (
    <form
      ref={form}
      className={styles.form}
      aria-label={text(action.label)}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onCancel();
        }
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      <h3>{text(action.label)}</h3>
      {fields.map((field) =>
        field.widget === 'enum' && field.choices.length <= 5 ? (
          <Choices
            key={field.name}
            field={field}
            value={values[field.name]}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ) : (
          <FieldInput
            key={field.name}
            field={field}
            value={values[field.name]}
            within={within}
            error={problem?.errors.find((one) => one.field === field.name)?.message}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ),
      )}
      {action.confirm ? <p className={styles.confirm}>{text(action.confirm)}</p> : null}
      {error ? <ProblemLine error={error} /> : null}
      <div className={styles.buttons}>
        <Button type="submit" kind="primary" disabled={pending}>
          {pending ? t('form.working') : text(action.label)}
        </Button>
        <Button onClick={onCancel}>{t('form.cancel')}</Button>
      </div>
    </form>
  );
}
