import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { Icon } from '@/design/icons';
import { useText } from '@/i18n';
import { fullTime } from '@/i18n/format';
import { type Notice, type Notices, useNotices, usePageOf, useReadNotice } from '@/screens/notices/data';
import { Source } from '@/screens/notices/Source';
import styles from './NoticeBell.module.css';
import { useMay } from './session';
import switches from './switches.module.css';

const SHOWN = 50;

/** What concerns the signed-in person: how much is unread, and the way to the object of each notice. */
export function NoticeBell() {
  const may = useMay('notices.read');
  return may ? <Bell /> : null;
}

function Bell() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const found = useNotices(SHOWN);
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
  const navigate = useNavigate();
  const read = useReadNotice();
  const pageOf = usePageOf();
  const go = (notice: Notice): void => {
    if (!notice.read) read.mutate(notice.id);
    const page = pageOf(notice);
    if (!page) return;
    onLeave();
    void navigate(page);
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
              <Source of={notice} />
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.none}>
        <Link to="/notices" onClick={onLeave}>
          {t('notices.all')}
        </Link>{' '}
        {t('desk.asOf', { time: fullTime(notices.as_of) })}
      </p>
    </section>
  );
}
