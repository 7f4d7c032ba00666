import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { request } from '@/api/http';
import { useMeta, useRegionName } from '@/api/meta';
import type { Text } from '@/api/types';
import { Icon } from '@/design/icons';
import { useText } from '@/i18n';
import { fullTime } from '@/i18n/format';
import { Marks } from '@/parts/Marks';
import styles from './NoticeBell.module.css';
import { useMay } from './session';
import switches from './switches.module.css';

interface Notice {
  id: string;
  at: string;
  urgency: string;
  title: Text;
  body: Text;
  subject_kind: string | null;
  subject_id: string | null;
  region: string;
  exercise: boolean;
  read: boolean;
}

interface Notices {
  items: Notice[];
  unread: number;
  as_of: string;
}

const KEY = ['notices'];
const LOOK_MS = 15_000;
const URGENCIES: Record<string, string> = {
  info: 'notices.info',
  attention: 'notices.attention',
  urgent: 'notices.urgent',
};

/** What concerns the signed-in person: how much is unread, and the way to the object of each notice. */
export function NoticeBell() {
  const may = useMay('notices.read');
  return may ? <Bell /> : null;
}

function Bell() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const found = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => request<Notices>('/api/notices?size=50', { signal }),
    refetchInterval: LOOK_MS,
  });
  const unread = found.data?.unread ?? 0;
  const urgent = (found.data?.items ?? []).some((notice) => !notice.read && notice.urgency === 'urgent');

  useEffect(() => {
    if (!open) return;
    const close = (event: Event): void => {
      const outside =
        event instanceof KeyboardEvent
          ? event.key === 'Escape'
          : !root.current?.contains(event.target as Node);
      if (outside) setOpen(false);
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('keydown', close);
    };
  }, [open]);

  return (
    <div className={styles.root} ref={root}>
      <button
        type="button"
        className={switches.button}
        aria-expanded={open}
        aria-label={t('notices.button', { count: unread })}
        title={t('notices.title')}
        onClick={() => setOpen(!open)}
      >
        <Icon name="mail" />
        {unread > 0 ? (
          <b className={styles.count} data-urgent={urgent}>
            {unread}
          </b>
        ) : null}
      </button>
      {open && found.data ? <List notices={found.data} onLeave={() => setOpen(false)} /> : null}
    </div>
  );
}

function List({ notices, onLeave }: { notices: Notices; onLeave: () => void }) {
  const { t } = useTranslation();
  const text = useText();
  const region = useRegionName();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { resources } = useMeta();
  const read = useMutation({
    mutationFn: (id: string) => request(`/api/notices/${id}/read`, { method: 'POST' }),
    onSuccess: () => void client.invalidateQueries({ queryKey: KEY }),
  });
  const go = (notice: Notice): void => {
    if (!notice.read) read.mutate(notice.id);
    const target = resources.find(({ name }) => name === notice.subject_kind);
    if (!target || !notice.subject_id) return;
    onLeave();
    void navigate(`/${target.plural}/${notice.subject_id}`);
  };
  return (
    <section className={styles.list} aria-label={t('notices.title')}>
      <h2>{t('notices.title')}</h2>
      {notices.items.length === 0 ? <p className={styles.none}>{t('notices.none')}</p> : null}
      <ul>
        {notices.items.map((notice) => (
          <li key={notice.id}>
            <button type="button" data-read={notice.read} onClick={() => go(notice)}>
              <span className={styles.title}>
                <b>{text(notice.title)}</b>
                {notice.read ? null : <i>{t('notices.unread')}</i>}
              </span>
              {text(notice.body) ? <span>{text(notice.body)}</span> : null}
              <small data-urgency={notice.urgency}>
                <em>{t(URGENCIES[notice.urgency] ?? 'notices.info')}</em> {fullTime(notice.at)} ·{' '}
                {region(notice.region)} <Marks of={notice} />
              </small>
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.none}>{t('desk.asOf', { time: fullTime(notices.as_of) })}</p>
    </section>
  );
}
