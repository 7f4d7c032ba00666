import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useText } from '@/i18n';
import { fullTime } from '@/i18n/format';
import { Button } from '@/parts/Button';
import { Notice as Empty, Loading, ProblemNotice } from '@/parts/Notice';
import { type Notice, useNotices, usePageOf, useReadNotice } from './data';
import styles from './NoticesPage.module.css';
import { Source } from './Source';

/** As many as the server gives at once. */
const MOST = 200;

/** Every notice of the signed-in person, read and unread, each with the way to its object. */
export default function NoticesPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const unread = search.has('unread');
  const found = useNotices(MOST, unread);
  const items = found.data?.items ?? [];
  const show = (only: boolean): void => setSearch(only ? { unread: '1' } : {}, { replace: true });
  return (
    <div className={styles.page}>
      <header>
        <h1>{t('notices.title')}</h1>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
        <div role="group" aria-label={t('notices.filter')}>
          <Button aria-pressed={!unread} onClick={() => show(false)}>
            {t('notices.every')}
          </Button>
          <Button aria-pressed={unread} onClick={() => show(true)}>
            {t('notices.onlyUnread', { count: found.data?.unread ?? 0 })}
          </Button>
        </div>
      </header>
      {found.error && !found.data ? (
        <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />
      ) : !found.data ? (
        <Loading />
      ) : items.length === 0 ? (
        <Empty
          icon="mail"
          title={t(unread ? 'notices.noneUnread' : 'notices.none')}
          detail={t('notices.noneNext')}
        />
      ) : (
        <ul>
          {items.map((notice) => (
            <Line key={notice.id} notice={notice} />
          ))}
        </ul>
      )}
      <footer>
        {items.length >= MOST ? <span>{t('notices.newest', { count: MOST })}</span> : null}
        <span>{t('desk.asOf', { time: fullTime(found.data?.as_of) })}</span>
      </footer>
    </div>
  );
}

function Line({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const text = useText();
  const page = usePageOf()(notice);
  const read = useReadNotice();
  const title = text(notice.title);
  return (
    <li data-read={notice.read}>
      <div>
        <p className={styles.title}>
          {page ? (
            <Link to={page} onClick={() => notice.read || read.mutate(notice.id)}>
              {title}
            </Link>
          ) : (
            title
          )}
        </p>
        {text(notice.body) ? <p>{text(notice.body)}</p> : null}
        <Source of={notice} />
      </div>
      {notice.read ? (
        <small>{t('notices.read')}</small>
      ) : (
        <Button disabled={read.isPending} onClick={() => read.mutate(notice.id)}>
          {t('notices.markRead')}
        </Button>
      )}
    </li>
  );
}
