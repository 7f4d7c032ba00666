import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import type { Text } from '@/api/types';
import { useText } from '@/i18n';
import { figure, fullTime, withUnit } from '@/i18n/format';
import { Button } from '@/parts/Button';
import { Marks } from '@/parts/Marks';
import { ProblemLine } from '@/parts/Notice';
import { type Incident, type Situation, useRelease } from './data';
import page from './IncidentPage.module.css';
import styles from './ReleaseForm.module.css';

const CLASSES = ['A', 'B', 'C', 'D', 'E', 'F'];

/** An empty field is no statement. */
function stated(value: string): number | null {
  return value.trim() === '' ? null : Number(value);
}

/** The release as a person states it; without a wind of their own, the county's weather is taken. */
export function ReleaseForm({ incident, situation }: { incident: Incident; situation: Situation }) {
  const { t } = useTranslation();
  const before = situation.footprint?.result.release ?? situation.suggested;
  const [values, setValues] = useState({
    cas: incident.cas,
    rate: before ? String(Number(before.rate_kg_s.toPrecision(3))) : '',
    minutes: before ? String(Number((before.duration_s / 60).toPrecision(3))) : '30',
    height: '1',
    terrain: 'open',
    wind: '',
    from: '',
    stability: '',
  });
  const compute = useRelease(incident.id);
  const errors = compute.error ? asProblem(compute.error).errors : [];
  const set = (name: keyof typeof values) => (value: string) => setValues({ ...values, [name]: value });

  function submit(event: FormEvent): void {
    event.preventDefault();
    compute.mutate({
      cas: values.cas.trim() || null,
      rate_kg_s: Number(values.rate),
      duration_s: Number(values.minutes) * 60,
      height_m: stated(values.height) ?? 0,
      terrain: values.terrain,
      wind_m_s: stated(values.wind),
      wind_from_deg: stated(values.from),
      stability: values.stability || null,
    });
  }

  const errorOf = (name: string): Text | undefined =>
    errors.find(({ field }) => field.endsWith(name))?.message;
  return (
    <form className={`${page.card} ${styles.form}`} onSubmit={submit} aria-label={t('incident.release')}>
      <h2>{t('incident.release')}</h2>
      <div className={styles.fields}>
        <Field
          label={t('incident.cas')}
          value={values.cas}
          onChange={set('cas')}
          error={errorOf('cas')}
          required
        />
        <Field
          label={t('incident.rate')}
          unit="kg/s"
          number
          required
          value={values.rate}
          onChange={set('rate')}
          error={errorOf('rate_kg_s')}
        />
        <Field
          label={t('incident.duration')}
          unit="min"
          number
          required
          value={values.minutes}
          onChange={set('minutes')}
          error={errorOf('duration_s')}
        />
        <Field
          label={t('incident.height')}
          unit="m"
          number
          value={values.height}
          onChange={set('height')}
          error={errorOf('height_m')}
        />
        <Select
          label={t('incident.terrain')}
          value={values.terrain}
          onChange={set('terrain')}
          options={[
            ['open', t('run.openCountry')],
            ['urban', t('run.urban')],
          ]}
        />
      </div>
      <CountyWeather situation={situation} />
      <div className={styles.fields}>
        <Field
          label={t('incident.wind')}
          unit="m/s"
          number
          value={values.wind}
          onChange={set('wind')}
          error={errorOf('wind_m_s')}
        />
        <Field
          label={t('incident.windFrom')}
          unit="°"
          number
          value={values.from}
          onChange={set('from')}
          error={errorOf('wind_from_deg')}
        />
        <Select
          label={t('incident.stability')}
          value={values.stability}
          onChange={set('stability')}
          options={[['', t('incident.fromWeather')], ...CLASSES.map((one): [string, string] => [one, one])]}
        />
      </div>
      {compute.error ? <ProblemLine error={compute.error} /> : null}
      <Button type="submit" kind="primary" disabled={compute.isPending}>
        {compute.isPending ? t('incident.computing') : t('incident.compute')}
      </Button>
    </form>
  );
}

function CountyWeather({ situation }: { situation: Situation }) {
  const { t } = useTranslation();
  const { weather } = situation;
  if (!weather) return <p className={styles.weather}>{t('incident.noWeather')}</p>;
  return (
    <p className={styles.weather}>
      {t('incident.weather', {
        wind: withUnit(weather.wind_m_s, 'm/s'),
        from: figure(weather.wind_from_deg, 0),
        cloud: figure(weather.cloud_tenths, 0),
        temperature: withUnit(weather.temperature_c, '°C'),
      })}{' '}
      <Marks of={weather} />
      <small>
        {t('map.source', { source: weather.source })} · {t('map.dataTime', { time: fullTime(weather.at) })}
      </small>
    </p>
  );
}

interface FieldProps {
  label: string;
  unit?: string;
  number?: boolean;
  required?: boolean;
  value: string;
  error?: Text | undefined;
  onChange: (value: string) => void;
}

function Field({ label, unit, number = false, required = false, value, error, onChange }: FieldProps) {
  const id = useId();
  const text = useText();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        {label}
        {unit ? <small> ({unit})</small> : null}
      </label>
      <input
        id={id}
        type={number ? 'number' : 'text'}
        step="any"
        min={0}
        required={required}
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {error ? <p id={`${id}-note`}>{text(error)}</p> : null}
    </div>
  );
}

function Select({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: [string, string][];
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
