import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router';
import { Icon } from '@/design/icons';
import { useNarrow } from '@/parts/narrow';
import { type Destination, useDestinations } from './destinations';
import { GOAL_WORDS, GOALS, type Goal } from './goals';
import styles from './Rail.module.css';

function Entry({ to, onGo }: { to: Destination; onGo: () => void }) {
  return (
    <NavLink to={to.path} className={styles.entry as string} title={to.title} onClick={onGo}>
      <Icon name={to.icon} size={20} />
      <span>{to.title}</span>
    </NavLink>
  );
}

/** The goal under which the screen of *path* stands. */
function goalAt(places: Destination[], path: string): Goal | null {
  const here = places.find((place) => path === place.path || path.startsWith(`${place.path}/`));
  return here && here.menu !== 'first' ? here.menu : null;
}

/**
 * The menu at the left: what a duty officer goes to is always in sight, the rest under the goals of the plan. On a
 * narrow screen it is a bar at the bottom whose last entry opens the rest.
 */
export function Rail() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Partial<Record<Goal, boolean>>>({});
  const places = useDestinations();
  const here = goalAt(places, pathname);
  const close = (): void => setOpen(false);
  return (
    <nav className={styles.rail} aria-label={t('shell.menu')} data-open={open}>
      {places
        .filter(({ menu }) => menu === 'first')
        .map((place) => (
          <div key={place.path} className={styles.slot}>
            <Entry to={place} onGo={close} />
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
      <div className={styles.goals}>
        {GOALS.map((goal) => {
          const members = places.filter(({ menu }) => menu === goal);
          if (members.length === 0) return null;
          return (
            <Section
              key={goal}
              goal={goal}
              members={members}
              open={chosen[goal] ?? goal === (here ?? 'monitoring')}
              onToggle={(next) => setChosen({ ...chosen, [goal]: next })}
              onGo={close}
            />
          );
        })}
      </div>
    </nav>
  );
}

interface SectionProps {
  goal: Goal;
  members: Destination[];
  open: boolean;
  onToggle: (open: boolean) => void;
  onGo: () => void;
}

function Section({ goal, members, open, onToggle, onGo }: SectionProps) {
  const { t } = useTranslation();
  // where the menu is opened as a whole there is room for all of it
  const narrow = useNarrow();
  const shown = open || narrow;
  const title = t(GOAL_WORDS[goal]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div role="group" className={styles.goal} aria-label={title}>
      {narrow ? (
        <p className={styles.heading}>{title}</p>
      ) : (
        <button type="button" className={styles.heading} aria-expanded={open} onClick={() => onToggle(!open)}>
          <span>{title}</span>
          <Icon name="next" size={12} />
        </button>
      )}
      {shown ? (
        <div className={styles.members}>
          {members.map((place) => (
            <div key={place.path} className={styles.slot}>
              <Entry to={place} onGo={onGo} />
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}
