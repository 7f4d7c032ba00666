import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { Icon } from '@/design/icons';
import { type Destination, useDestinations } from './destinations';
import styles from './Rail.module.css';

function Entry({ to, onGo }: { to: Destination; onGo?: () => void }) {
  return (
    <NavLink
      to={to.path}
      className={styles.entry as string}
      title={to.title}
      {...(onGo ? { onClick: onGo } : {})}
    >
      <Icon name={to.icon} size={20} />
      <span>{to.title}</span>
    </NavLink>
  );
}

/** The menu at the left; on a narrow screen a bar at the bottom whose last entry opens the rest. */
export function Rail() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const places = useDestinations().filter((place) => place.rail !== null);
  return (
    <nav className={styles.rail} aria-label={t('shell.menu')} data-open={open}>
      {places.map((place, index) => (
        <div key={place.path} className={styles.slot} data-late={index > 2} data-rail={place.rail}>
          <Entry to={place} onGo={() => setOpen(false)} />
        </div>
      ))}
      <button
        type="button"
        className={`${styles.entry} ${styles.more}`}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'close' : 'more'} size={20} />
        <span>{t('shell.more')}</span>
      </button>
    </nav>
  );
}
