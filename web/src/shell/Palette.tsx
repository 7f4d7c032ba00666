import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Icon } from '@/design/icons';
import { Dialog } from '@/parts/Dialog';
import { useDestinations } from './destinations';
import styles from './Palette.module.css';
import { matches } from './search';

/** Places that hold nothing to search in, or the same as another. */
const UNSEARCHED = new Set(['/status', '/import', '/map', '/notices', '/alarms/table']);

/** Ctrl-K: type a few letters, go there. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const places = useDestinations();
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);

  const found = useMemo(() => {
    const wanted = words.trim();
    const screens = places
      .filter((place) => matches(`${place.title} ${place.path}`, wanted))
      .map((place) => ({ ...place, id: place.path, hint: t('palette.screen') }));
    if (!wanted) return screens;
    const lists = places
      .filter((place) => !UNSEARCHED.has(place.path))
      .map((place) => ({
        ...place,
        id: `${place.path}?q`,
        path: `${place.path}?q=${encodeURIComponent(wanted)}`,
        title: t('palette.searchIn', { place: place.title, words: wanted }),
        hint: t('palette.search'),
      }));
    return [...screens, ...lists];
  }, [words, places, t]);
  const chosen = Math.min(at, found.length - 1);

  function go(index: number): void {
    const place = found[index];
    if (!place) return;
    onClose();
    void navigate(place.path);
  }

  return (
    <Dialog title={t('palette.title')} hideTitle onClose={onClose}>
      <div className={styles.field}>
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found[chosen] ? `palette-${chosen}` : undefined}
          aria-label={t('palette.title')}
          placeholder={t('palette.placeholder')}
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, found.length - 1));
            else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0));
            else if (event.key === 'Enter') go(chosen);
            else return;
            event.preventDefault();
          }}
        />
      </div>
      <div className={styles.list} id="palette-list" role="listbox" aria-label={t('palette.title')}>
        {found.map((place, index) => (
          <div
            key={place.id}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={styles.option}
            onPointerMove={() => setAt(index)}
            onClick={() => go(index)}
            onKeyDown={(event) => event.key === 'Enter' && go(index)}
          >
            <Icon name={place.icon} />
            <span>{place.title}</span>
            <small>{place.hint}</small>
          </div>
        ))}
        {found.length === 0 ? <p className={styles.none}>{t('palette.none')}</p> : null}
      </div>
    </Dialog>
  );
}
