import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '@/api/types';
import { Icon } from '@/design/icons';
import { useText } from '@/i18n';
import { useSignOut } from './session';
import switches from './switches.module.css';
import styles from './UserMenu.module.css';

export function UserMenu({ session, onHelp }: { session: SessionView; onHelp: () => void }) {
  const { t } = useTranslation();
  const text = useText();
  const signOut = useSignOut();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!open) return;
    const close = (event: Event): void => {
      if (
        event instanceof KeyboardEvent
          ? event.key === 'Escape'
          : !root.current?.contains(event.target as Node)
      )
        setOpen(false);
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
        aria-label={t('shell.userMenu', { name: session.display_name })}
        onClick={() => setOpen(!open)}
      >
        <Icon name="user" />
        <span className={styles.name}>{session.display_name}</span>
      </button>
      {open ? (
        <div className={styles.menu}>
          <p className={styles.who}>
            <b>{session.display_name}</b>
            <span>{session.username}</span>
            {(session.roles ?? []).map((role) => (
              <span key={role.zh}>{text(role)}</span>
            ))}
          </p>
          <button
            type="button"
            onClick={() => {
              setOpen(false);
              onHelp();
            }}
          >
            {t('shell.help')} <kbd>?</kbd>
          </button>
          <button type="button" onClick={() => signOut.mutate()}>
            {t('shell.signOut')}
          </button>
        </div>
      ) : null}
    </div>
  );
}
