import { useTranslation } from 'react-i18next';
import { Icon } from '@/design/icons';
import { usePreferences } from './preferences';
import styles from './switches.module.css';

export function ThemeSwitch() {
  const { t } = useTranslation();
  const { theme, set } = usePreferences();
  const next = theme === 'dark' ? 'light' : 'dark';
  const label = t(next === 'dark' ? 'shell.toDark' : 'shell.toLight');
  return (
    <button
      type="button"
      className={styles.button}
      title={label}
      aria-label={label}
      onClick={() => set({ theme: next })}
    >
      <Icon name={next === 'dark' ? 'moon' : 'sun'} />
    </button>
  );
}

const NAMES = { en: ['En', 'glish'], 'zh-CN': ['中', '文'] };

/** Names the other language in that language, as travellers expect; by its beginning where room is short. */
export function LanguageSwitch() {
  const { language, set } = usePreferences();
  const next = language === 'en' ? 'zh-CN' : 'en';
  const [beginning, rest] = NAMES[next];
  return (
    <button type="button" className={styles.button} lang={next} onClick={() => set({ language: next })}>
      <span>
        {beginning}
        <span className={styles.rest}>{rest}</span>
      </span>
    </button>
  );
}

/** Whether alarms are heard on this machine. */
export function SoundSwitch({ blocked }: { blocked: boolean }) {
  const { t } = useTranslation();
  const { muted, set } = usePreferences();
  const label = t(muted ? 'shell.unmute' : blocked ? 'shell.soundBlocked' : 'shell.mute');
  return (
    <button
      type="button"
      className={styles.button}
      data-off={muted || blocked}
      title={label}
      aria-label={label}
      aria-pressed={muted}
      onClick={() => set({ muted: !muted })}
    >
      <Icon name={muted || blocked ? 'muted' : 'sound'} />
    </button>
  );
}
