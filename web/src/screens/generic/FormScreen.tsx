import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { request } from '@/api/http';
import { useResource } from '@/api/meta';
import { asProblem } from '@/api/problem';
import type { ResourceMeta } from '@/api/types';
import { FieldInput } from '@/forms/FieldInput';
import { fieldsOf, initialValues, payloadOf, type Values } from '@/forms/schema';
import { useText } from '@/i18n';
import { Button } from '@/parts/Button';
import { Loading, ProblemLine, ProblemNotice } from '@/parts/Notice';
import { NotFound } from '@/screens/NotFound';
import { type Row, useTitleOf } from './Cell';
import styles from './FormScreen.module.css';

/** The form of any resource, for a new object or a change. */
export default function FormScreen({ plural }: { plural?: string }) {
  const params = useParams();
  const resource = useResource(plural ?? params.plural ?? '');
  const { id } = params;
  const found = useQuery({
    queryKey: ['detail', resource?.plural, id],
    queryFn: ({ signal }) => request<Row>(`/api/${resource?.plural}/${id}`, { signal }),
    enabled: resource !== undefined && id !== undefined,
    staleTime: 0,
  });
  if (!resource || !(id ? resource.edit_form : resource.form)) return <NotFound />;
  if (!id) return <Form key="new" resource={resource} />;
  if (found.error) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  return found.data ? <Form key={id} resource={resource} row={found.data} /> : <Loading />;
}

/** Only what the person changed is sent, with the version that was seen. */
function changesOf(sent: Values, row: Row): Values {
  const changed = Object.entries(sent).filter(([name, value]) => value !== row[name]);
  return { ...Object.fromEntries(changed), version: row.version };
}

function Form({ resource, row }: { resource: ResourceMeta; row?: Row }) {
  const { t } = useTranslation();
  const text = useText();
  const titleOf = useTitleOf();
  const navigate = useNavigate();
  const client = useQueryClient();
  const fields = useMemo(() => fieldsOf((row ? resource.edit_form : resource.form) ?? null), [resource, row]);
  const [values, setValues] = useState<Values>(() => initialValues(fields, row));
  const save = useMutation({
    mutationFn: () => {
      const sent = payloadOf(fields, values);
      return row
        ? request<Row>(`/api/${resource.plural}/${row.id}`, { method: 'PATCH', body: changesOf(sent, row) })
        : request<Row>(`/api/${resource.plural}`, { method: 'POST', body: sent });
    },
    onSuccess: (saved) => {
      client.setQueryData(['detail', resource.plural, saved.id], saved);
      void client.invalidateQueries({ queryKey: ['list', resource.plural] });
      void client.invalidateQueries({ queryKey: [resource.plural, saved.id] });
      void navigate(`/${resource.plural}/${saved.id}`, { replace: true });
    },
  });
  const problem = save.error ? asProblem(save.error) : null;
  const errorOf = (name: string) =>
    problem?.errors.find((one) => one.field === name)?.message ??
    (problem?.facts.field === name ? problem.title : undefined);

  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate();
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <header>
        <h1>{t(row ? 'generic.editTitle' : 'generic.newTitle', { title: text(resource.title) })}</h1>
        {row ? <p>{titleOf(resource, row)}</p> : null}
      </header>
      <div className={styles.fields}>
        {fields.map((field) => (
          <FieldInput
            key={field.name}
            field={field}
            value={values[field.name]}
            error={errorOf(field.name)}
            onChange={(value) => setValues((known) => ({ ...known, [field.name]: value }))}
          />
        ))}
      </div>
      {save.error ? <ProblemLine error={save.error} /> : null}
      <div className={styles.buttons}>
        <Button type="submit" kind="primary" disabled={save.isPending}>
          {save.isPending ? t('form.working') : t('form.save')}
        </Button>
        <Button onClick={() => void navigate(-1)}>{t('form.cancel')}</Button>
      </div>
    </form>
  );
}
