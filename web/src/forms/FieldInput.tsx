import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { query, request } from '@/api/http';
import { useLabel, useMeta } from '@/api/meta';
import type { Page, Text } from '@/api/types';
import { useLanguage, useText } from '@/i18n';
import styles from './FieldInput.module.css';
import type { FormField } from './schema';

const UNITS = [
  '°C',
  'K',
  'Pa',
  'kPa',
  'MPa',
  'm',
  'mm',
  '%',
  '%LEL',
  '%vol',
  'ppm',
  'mg/m³',
  'kg/s',
  'kg/h',
  'm³/h',
  'km³/h',
  'kW',
  'm/s',
];

interface Props {
  field: FormField;
  value: unknown;
  error?: Text | undefined;
  /** Filters of what a link may lead to, such as the tanks of one hazard. */
  within?: Record<string, string> | undefined;
  onChange: (value: unknown) => void;
}

type InputProps = Props & { id: string; describedBy: string | undefined };

/** A label, its input, and under it the help or what the server found wrong. */
export function FieldInput(props: Props) {
  const { field, error } = props;
  const text = useText();
  const id = useId();
  const note = error ?? field.help;
  const shared = { ...props, id, describedBy: note ? `${id}-note` : undefined };
  return (
    <div className={styles.field} data-wide={field.widget === 'textarea'}>
      <label htmlFor={id}>
        {text(field.title)}
        {field.required ? <i aria-hidden="true">*</i> : null}
        {field.unit ? <small>({field.unit})</small> : null}
      </label>
      <Input {...shared} />
      {note ? (
        <p id={`${id}-note`} className={error ? styles.error : styles.help}>
          {text(note)}
        </p>
      ) : null}
    </div>
  );
}

function Input(props: InputProps) {
  const { field, value, onChange, id, describedBy, error } = props;
  const common = {
    id,
    name: field.name,
    'aria-describedby': describedBy,
    'aria-invalid': error ? true : undefined,
  };
  switch (field.widget) {
    case 'textarea':
      return (
        <textarea
          {...common}
          rows={3}
          required={field.required}
          maxLength={field.maxLength ?? undefined}
          value={String(value ?? '')}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'checkbox':
      return (
        <input
          {...common}
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
        />
      );
    case 'number':
      return (
        <input
          {...common}
          type="number"
          step={field.integer ? 1 : 'any'}
          min={field.minimum ?? undefined}
          required={field.required}
          value={value === null || value === undefined ? '' : String(value)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'enum':
    case 'region':
    case 'zone':
      return <Choice {...props} />;
    case 'link':
      return <LinkChoice {...props} />;
    default:
      return (
        <>
          <input
            {...common}
            type="text"
            list={field.widget === 'unit' ? 'units' : undefined}
            required={field.required}
            maxLength={field.maxLength ?? undefined}
            value={String(value ?? '')}
            onChange={(event) => onChange(event.target.value)}
          />
          {field.widget === 'unit' ? (
            <datalist id="units">
              {UNITS.map((unit) => (
                <option key={unit} value={unit} />
              ))}
            </datalist>
          ) : null}
        </>
      );
  }
}

function Choice({ field, value, onChange, id, describedBy }: InputProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const language = useLanguage();
  const text = useText();
  const meta = useMeta();
  const options =
    field.widget === 'region'
      ? meta.regions.map((region) => [region.code, language === 'en' ? region.en : region.zh] as const)
      : field.widget === 'zone'
        ? (meta.zones ?? []).map((zone) => [zone.code, text(zone)] as const)
        : field.choices.map((choice) => [choice, label(field.enum, choice)] as const);
  return (
    <select
      id={id}
      name={field.name}
      aria-describedby={describedBy}
      required={field.required}
      value={String(value ?? '')}
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value="">{t('form.choose')}</option>
      {options.map(([code, name]) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** Picks an object of another resource: a search narrows the choice. */
function LinkChoice({ field, value, within, onChange, id, describedBy }: InputProps) {
  const { t } = useTranslation();
  const meta = useMeta();
  const target = meta.resources.find((resource) => resource.name === field.link);
  const [words, setWords] = useState('');
  const found = useQuery({
    queryKey: ['choices', target?.plural, words, within],
    queryFn: ({ signal }) =>
      request<Page<Record<string, unknown>>>(
        `/api/${target?.plural}${query({ ...within, q: words, size: 100 })}`,
        {
          signal,
        },
      ),
    enabled: target !== undefined,
    placeholderData: (previous) => previous,
  });
  const rows = found.data?.items ?? [];
  return (
    <span className={styles.link}>
      {target?.search && !within ? (
        <input
          type="search"
          aria-label={t('form.narrow')}
          placeholder={t('form.narrow')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      ) : null}
      <select
        id={id}
        name={field.name}
        aria-describedby={describedBy}
        required={field.required}
        value={String(value ?? '')}
        onChange={(event) => onChange(event.target.value || null)}
      >
        <option value="">{t('form.choose')}</option>
        {value && !rows.some((row) => row.id === value) ? (
          <option value={String(value)}>{t('form.present')}</option>
        ) : null}
        {rows.map((row) => (
          <option key={String(row.id)} value={String(row.id)}>
            {nameOf(row)}
          </option>
        ))}
      </select>
    </span>
  );
}

function nameOf(row: Record<string, unknown>): string {
  const parts = [
    row.tag ?? row.code ?? row.source ?? row.equipment,
    row.short_name ?? row.name ?? row.point_label ?? row.substance,
  ];
  return parts.filter(Boolean).join(' ') || String(row.id);
}
