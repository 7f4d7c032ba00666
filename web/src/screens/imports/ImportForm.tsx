import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { Radios } from '@/forms/Choices';
import { FieldInput } from '@/forms/FieldInput';
import fieldStyles from '@/forms/FieldInput.module.css';
import { fieldsOf, initialValues } from '@/forms/schema';
import { useText } from '@/i18n';
import { Button } from '@/parts/Button';
import { ProblemLine } from '@/parts/Notice';
import type { ImportTarget, Order } from './data';
import styles from './ImportForm.module.css';

interface Props {
  targets: ImportTarget[];
  first: ImportTarget | undefined;
  pending: boolean;
  /** The import has been made: the same file is not previewed again. */
  done: boolean;
  error: unknown;
  /** Something was changed: what was found before no longer holds. */
  onChange: () => void;
  onPreview: (order: Order) => void;
}

const ORIGIN = fieldsOf({
  type: 'object',
  required: ['source'],
  properties: {
    source: {
      type: 'string',
      maxLength: 256,
      'x-ui': {
        title: { zh: '数据来源', en: 'Source of the data' },
        help: { zh: '单位、文件或数据集名称', en: 'The office, document or data set' },
      },
    },
    licence: {
      type: 'string',
      maxLength: 256,
      default: '',
      'x-ui': { title: { zh: '使用许可', en: 'Terms of use' } },
    },
  },
});

/** The file and what only a person can say of it: what it holds, its coordinate system, where it comes from. */
export function ImportForm({ targets, first, pending, done, error, onChange, onPreview }: Props) {
  const { t } = useTranslation();
  const text = useText();
  const [name, setName] = useState(first?.name ?? '');
  const [file, setFile] = useState<File | null>(null);
  const [system, setSystem] = useState('');
  const [origin, setOrigin] = useState(() => initialValues(ORIGIN));
  const target = targets.find((one) => one.name === name);
  const problem = error ? asProblem(error) : null;

  const change =
    <Value,>(set: (value: Value) => void) =>
    (value: Value): void => {
      set(value);
      onChange();
    };

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!target || !file || !system) return;
    onPreview({
      target: target.name,
      file,
      system,
      source: String(origin.source ?? '').trim(),
      licence: String(origin.licence ?? '').trim(),
    });
  }

  return (
    <form className={styles.form} onSubmit={submit} aria-label={t('imports.title')}>
      <Radios
        name="target"
        legend={t('imports.what')}
        required
        options={targets.map((one) => ({ value: one.name, words: text(one.title) }))}
        value={name}
        onChange={change(setName)}
      />
      {target ? <Columns target={target} /> : null}
      <FileField file={file} onChange={change(setFile)} />
      <div>
        <Radios
          name="system"
          legend={t('imports.system')}
          required
          options={
            (target ?? targets[0])?.systems.map((one) => ({ value: one.value, words: text(one.label) })) ?? []
          }
          value={system}
          onChange={change(setSystem)}
        />
        <p className={styles.note}>{t('imports.systemHelp')}</p>
      </div>
      {ORIGIN.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={origin[field.name]}
          error={problem?.errors.find((one) => one.field.endsWith(field.name))?.message}
          onChange={(value) => change(setOrigin)({ ...origin, [field.name]: value })}
        />
      ))}
      {error ? <ProblemLine error={error} /> : null}
      <div>
        <Button type="submit" kind="primary" disabled={pending || done}>
          {pending ? t('imports.previewing') : t('imports.preview')}
        </Button>
      </div>
    </form>
  );
}

/** The browser's own button would speak the browser's language. */
function FileField({ file, onChange }: { file: File | null; onChange: (file: File | null) => void }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className={fieldStyles.field}>
      <span id={`${id}-name`} className={styles.label}>
        {t('imports.file')}
        <i aria-hidden="true">*</i>
      </span>
      <div className={styles.picker}>
        <label>
          <input
            type="file"
            className="visually-hidden"
            accept=".csv,.json,.geojson,text/csv,application/geo+json,application/json"
            required
            aria-labelledby={`${id}-name`}
            aria-describedby={`${id}-chosen ${id}-note`}
            onChange={(event) => onChange(event.target.files?.[0] ?? null)}
          />
          {t('imports.choose')}
        </label>
        <span id={`${id}-chosen`}>{file ? file.name : t('imports.noFile')}</span>
      </div>
      <p id={`${id}-note`} className={fieldStyles.help}>
        {t('imports.fileHelp')}
      </p>
    </div>
  );
}

function Columns({ target }: { target: ImportTarget }) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <dl className={styles.reads} aria-label={t('imports.reads')}>
      {target.fields.map((field) => (
        <div key={field.name}>
          <dt>
            {text(field.title)}
            {field.required ? <i>{t('imports.required')}</i> : null}
          </dt>
          <dd>
            <code>{field.name}</code> {text(field.help)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
