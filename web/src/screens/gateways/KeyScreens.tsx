import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { request } from '@/api/http';
import { asProblem } from '@/api/problem';
import { FieldInput } from '@/forms/FieldInput';
import { fieldsOf, initialValues, payloadOf, type Values } from '@/forms/schema';
import { Button } from '@/parts/Button';
import { ProblemLine } from '@/parts/Notice';
import styles from './KeyScreens.module.css';

interface Key {
  id: string;
  source: string;
  key: string;
}

/** What `POST /api/gateways/register` asks for. */
const FORM = fieldsOf({
  required: ['source', 'name', 'enterprise_id'],
  properties: {
    source: {
      type: 'string',
      maxLength: 64,
      'x-ui': {
        title: { zh: '接入名', en: 'Source name' },
        help: { zh: '网关登录时用的名字，之后不能更改', en: 'The name it signs in with; it stays for ever' },
      },
    },
    name: { type: 'string', maxLength: 120, 'x-ui': { title: { zh: '名称', en: 'Name' } } },
    enterprise_id: {
      type: 'string',
      'x-ui': { title: { zh: '企业', en: 'Enterprise' }, link: 'enterprise' },
    },
  },
});

/** Connects a gateway; its key is shown on this screen and never again. */
export function NewGateway() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [values, setValues] = useState<Values>(() => initialValues(FORM));
  const made = useKey('/api/gateways/register');
  if (made.data) return <ShownKey of={made.data} />;
  const problem = made.error ? asProblem(made.error) : null;
  const errorOf = (name: string) =>
    problem?.errors.find((one) => one.field === name)?.message ??
    (problem?.facts.field === name ? problem.title : undefined);

  function submit(event: FormEvent): void {
    event.preventDefault();
    made.mutate(payloadOf(FORM, values));
  }

  return (
    <form className={styles.page} onSubmit={submit}>
      <h1>{t('gateway.connect')}</h1>
      {FORM.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={values[field.name]}
          error={errorOf(field.name)}
          onChange={(value) => setValues((known) => ({ ...known, [field.name]: value }))}
        />
      ))}
      {made.error ? <ProblemLine error={made.error} /> : null}
      <div className={styles.buttons}>
        <Button type="submit" kind="primary" disabled={made.isPending}>
          {made.isPending ? t('form.working') : t('gateway.connect')}
        </Button>
        <Button onClick={() => void navigate(-1)}>{t('form.cancel')}</Button>
      </div>
    </form>
  );
}

/** Gives a gateway a new key; the old one is refused from then on. */
export function RotateKey() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id = '' } = useParams();
  const made = useKey(`/api/gateways/${id}/rotate-key`);
  if (made.data) return <ShownKey of={made.data} />;
  return (
    <section className={styles.page}>
      <h1>{t('gateway.rotate')}</h1>
      <p className={styles.warning}>{t('gateway.rotateWarning')}</p>
      {made.error ? <ProblemLine error={made.error} /> : null}
      <div className={styles.buttons}>
        <Button kind="primary" disabled={made.isPending} onClick={() => made.mutate(undefined)}>
          {made.isPending ? t('form.working') : t('gateway.rotate')}
        </Button>
        <Button onClick={() => void navigate(-1)}>{t('form.cancel')}</Button>
      </div>
    </section>
  );
}

function useKey(path: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Values | undefined) => request<Key>(path, { method: 'POST', body }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['list', 'gateways'] });
      void client.invalidateQueries({ queryKey: ['detail', 'gateways'] });
    },
  });
}

function ShownKey({ of }: { of: Key }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const whole = `${of.source}:${of.key}`;
  // Over plain HTTP browsers offer no clipboard; the text can be marked by one click all the same.
  const clipboard = globalThis.navigator.clipboard as Clipboard | undefined;
  return (
    <section className={styles.page}>
      <h1>{t('gateway.key', { source: of.source })}</h1>
      <p className={styles.warning} role="alert">
        {t('gateway.onceOnly')}
      </p>
      <output className={styles.key} aria-label={t('gateway.keyLabel')}>
        {whole}
      </output>
      <div className={styles.buttons}>
        {clipboard ? (
          <Button kind="primary" onClick={() => void clipboard.writeText(whole).then(() => setCopied(true))}>
            {t(copied ? 'gateway.copied' : 'gateway.copy')}
          </Button>
        ) : null}
      </div>
      <p>{t('gateway.howToSend')}</p>
      <pre className={styles.key}>
        POST {globalThis.location.origin}/ingest{'\n'}Authorization: Bearer {whole}
      </pre>
      <p>
        <Link to={`/gateways/${of.id}`}>{t('gateway.next')}</Link>
      </p>
    </section>
  );
}
