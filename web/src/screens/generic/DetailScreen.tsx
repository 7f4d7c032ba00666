import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { query, request } from '@/api/http';
import { useResource } from '@/api/meta';
import type { ActionMeta, ColumnMeta, Page, RelatedMeta, ResourceMeta } from '@/api/types';
import { ActionForm } from '@/forms/ActionForm';
import type { Values } from '@/forms/schema';
import { useText } from '@/i18n';
import { Button, LinkButton } from '@/parts/Button';
import { Marks } from '@/parts/Marks';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { NotFound } from '@/screens/NotFound';
import { useMay } from '@/shell/session';
import { Cell, type Row, useTitleOf } from './Cell';
import styles from './DetailScreen.module.css';
import { Table } from './ListScreen';

type Shown = Row & { _actions?: ActionMeta[]; _editable?: boolean; _synthetic?: boolean };

/** One object of any resource: its facts in groups, what can be done with it, and what belongs to it. */
export default function DetailScreen() {
  const { plural = '', id = '' } = useParams();
  const resource = useResource(plural);
  return resource ? <Detail key={id} resource={resource} id={id} /> : <NotFound />;
}

function Detail({ resource, id }: { resource: ResourceMeta; id: string }) {
  const found = useQuery({
    queryKey: ['detail', resource.plural, id],
    queryFn: ({ signal }) => request<Shown>(`/api/${resource.plural}/${id}`, { signal }),
  });
  if (found.error && !found.data)
    return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Loading />;
  return <Loaded resource={resource} row={found.data} />;
}

function Loaded({ resource, row }: { resource: ResourceMeta; row: Shown }) {
  const { t } = useTranslation();
  const text = useText();
  const titleOf = useTitleOf();
  const mayRotate = useMay('gateways.write') && resource.plural === 'gateways';
  const groups =
    resource.detail_groups.length > 0
      ? resource.detail_groups
      : [{ title: resource.title, fields: resource.columns }];
  return (
    <div className={styles.page}>
      <nav aria-label={t('generic.path')} className={styles.path}>
        <Link to={`/${resource.plural}`}>{text(resource.title)}</Link>
      </nav>
      <header className={styles.head}>
        <h1>{titleOf(resource, row)}</h1>
        <Marks of={{ synthetic: row._synthetic, exercise: row.exercise === true }} />
        {mayRotate ? <LinkButton to={`/gateways/${row.id}/key`}>{t('gateway.rotate')}</LinkButton> : null}
        {row._editable ? (
          <LinkButton to={`/${resource.plural}/${row.id}/edit`}>{t('generic.edit')}</LinkButton>
        ) : null}
      </header>
      <Actions resource={resource} row={row} />
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group.title.zh} className={styles.card}>
            <h2>{text(group.title)}</h2>
            <dl>
              {group.fields.map((field: ColumnMeta) => (
                <div key={field.field}>
                  <dt>{text(field.title)}</dt>
                  <dd>
                    <Cell column={field} row={row} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      {resource.related.map((related) => (
        <RelatedList key={related.plural} related={related} id={row.id} />
      ))}
    </div>
  );
}

function Actions({ resource, row }: { resource: ResourceMeta; row: Shown }) {
  const text = useText();
  const client = useQueryClient();
  const [open, setOpen] = useState<ActionMeta | null>(null);
  const act = useMutation({
    mutationFn: ({ event, values }: { event: string; values: Values }) =>
      request<Shown>(`/api/${resource.plural}/${row.id}/${event}`, { method: 'POST', body: values }),
    onSuccess: (answer) => {
      client.setQueryData(['detail', resource.plural, row.id], answer);
      void client.invalidateQueries({ queryKey: ['list', resource.plural] });
      setOpen(null);
    },
  });
  if (!row._actions?.length) return null;
  return (
    <div className={styles.actions}>
      {row._actions.map((action) => (
        <Button
          key={action.event}
          aria-pressed={open?.event === action.event}
          onClick={() => setOpen(action)}
        >
          {text(action.label)}
        </Button>
      ))}
      {open ? (
        <ActionForm
          key={open.event}
          action={open}
          pending={act.isPending}
          error={act.error}
          onSubmit={(values) => act.mutate({ event: open.event, values })}
          onCancel={() => setOpen(null)}
        />
      ) : null}
    </div>
  );
}

function RelatedList({ related, id }: { related: RelatedMeta; id: string }) {
  const { t } = useTranslation();
  const text = useText();
  const resource = useResource(related.plural);
  const found = useQuery({
    queryKey: ['list', related.plural, related.field, id],
    queryFn: ({ signal }) =>
      request<Page<Row>>(`/api/${related.plural}${query({ [related.field]: id, size: 20 })}`, { signal }),
    enabled: resource !== undefined,
  });
  if (!resource || !found.data) return null;
  const all = related.plural === 'alarms' ? '/alarms/table' : `/${related.plural}`;
  return (
    <section className={styles.card}>
      <h2>
        {text(related.title)} <small>{found.data.total}</small>
      </h2>
      {found.data.items.length > 0 ? (
        <Table resource={resource} rows={found.data.items} />
      ) : (
        <p>{t('generic.none')}</p>
      )}
      {found.data.total > found.data.items.length ? (
        <Link to={`${all}?${related.field}=${id}`}>{t('generic.all', { count: found.data.total })}</Link>
      ) : null}
    </section>
  );
}
