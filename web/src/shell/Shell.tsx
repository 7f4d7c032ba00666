import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation, useNavigate } from 'react-router';
import { useMetaQuery } from '@/api/meta';
import type { SessionView } from '@/api/types';
import { Icon } from '@/design/icons';
import { timeOfDay } from '@/i18n/format';
import { useLiveChannel } from '@/live/hub';
import { useNow } from '@/live/now';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { ScreenBoundary } from '@/parts/ScreenBoundary';
import { useAlarmFeed, useOpenAlarms } from '@/screens/alarms/data';
import { isUrgent } from '@/screens/alarms/order';
import { useAlarmSound } from '@/screens/alarms/sound';
import { useOpenRun } from '@/screens/runs/Computed';
import { AlarmCounter } from './AlarmCounter';
import { ConnectionState } from './ConnectionState';
import { useHotkeys } from './hotkeys';
import { KeyboardHelp } from './KeyboardHelp';
import { NoticeBell } from './NoticeBell';
import { Palette } from './Palette';
import { usePreferences } from './preferences';
import { Rail } from './Rail';
import styles from './Shell.module.css';
import { LanguageSwitch, SoundSwitch, ThemeSwitch } from './switches';
import { UserMenu } from './UserMenu';
import { Wordmark } from './Wordmark';

const ManifestDrawer = lazy(() => import('@/screens/runs/ManifestDrawer'));

function WallClock() {
  const { t } = useTranslation();
  return (
    <time className={styles.clock} title={t('shell.clock')}>
      {timeOfDay(useNow())}
    </time>
  );
}

/** The frame around every screen of a signed-in person. */
export function Shell({ session }: { session: SessionView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [overlay, setOverlay] = useState<'palette' | 'help' | null>(null);
  const { muted, set } = usePreferences();
  const meta = useMetaQuery();
  useLiveChannel(true);
  useAlarmFeed();
  const open = useOpenAlarms();
  const rows = open.data?.rows;
  const urgent = useMemo(() => (rows ?? []).filter(isUrgent).map((alarm) => alarm.id), [rows]);
  const blocked = useAlarmSound(urgent, muted);
  const run = useOpenRun((state) => state.run);
  const close = useCallback(() => setOverlay(null), []);

  useHotkeys({
    'ctrl+k': () => setOverlay('palette'),
    '?': () => setOverlay('help'),
    'g a': () => void navigate('/alarms'),
    'g m': () => void navigate('/map'),
    'g s': () => void navigate('/status'),
    m: () => set({ muted: !muted }),
  });

  useEffect(() => {
    const name = t('product.name');
    document.title = urgent.length > 0 ? `(${urgent.length}) ${name}` : name;
  }, [urgent.length, t]);

  return (
    <div className={styles.shell}>
      <a className="skip-link" href="#screen">
        {t('shell.skip')}
      </a>
      <header className={styles.header}>
        <Link to="/" className={styles.home as string}>
          <Wordmark />
        </Link>
        <button type="button" className={styles.find} onClick={() => setOverlay('palette')}>
          <Icon name="search" size={16} />
          <span>{t('shell.find')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <div className={styles.tools}>
          {rows ? <AlarmCounter alarms={rows} /> : null}
          <ConnectionState />
          <WallClock />
          <NoticeBell />
          <SoundSwitch blocked={blocked} />
          <LanguageSwitch />
          <ThemeSwitch />
          <UserMenu session={session} onHelp={() => setOverlay('help')} />
        </div>
      </header>
      <Rail />
      <main id="screen" className={styles.screen} tabIndex={-1}>
        <ScreenBoundary key={pathname.split('/')[1]}>
          {meta.error ? (
            <ProblemNotice error={meta.error} onRetry={() => void meta.refetch()} />
          ) : meta.data ? (
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          ) : (
            <Loading />
          )}
        </ScreenBoundary>
      </main>
      {run ? (
        <Suspense>
          <ManifestDrawer key={run} run={run} />
        </Suspense>
      ) : null}
      {overlay === 'palette' ? <Palette onClose={close} /> : null}
      {overlay === 'help' ? <KeyboardHelp onClose={close} /> : null}
    </div>
  );
}
