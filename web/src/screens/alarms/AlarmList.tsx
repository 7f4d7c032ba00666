import { useVirtualizer } from '@tanstack/react-virtual';
import { forwardRef, useEffect, useImperativeHandle, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/api/meta';
import { ShapeMark } from '@/design/icons';
import { lookOf } from '@/design/levels';
import styles from './AlarmList.module.css';
import { AlarmRow } from './AlarmRow';
import type { Entry } from './order';

export interface AlarmListHandle {
  /** Selects the alarm *by* places further down. */
  move(by: number): void;
  open(): void;
}

interface Props {
  entries: Entry[];
  selected: string | undefined;
  onSelect: (id: string) => void;
}

const ROW = 60;
const GROUP = 30;

function GroupHeading({ entry }: { entry: Extract<Entry, { kind: 'group' }> }) {
  const { t } = useTranslation();
  const label = useLabel();
  const look = lookOf(entry.level);
  return (
    // Not for screen readers: a list box holds options only, and each option says its level itself.
    <div className={styles.group} data-tone={look.tone} aria-hidden="true">
      <ShapeMark shape={look.shape} />
      {label('AlarmLevel', entry.level)}
      <span>{t('desk.groupCount', { count: entry.count })}</span>
      {entry.unconfirmed > 0 ? <span>{t('desk.groupUnconfirmed', { count: entry.unconfirmed })}</span> : null}
    </div>
  );
}

/** The rows of the desk, drawn only where they are seen. */
export const AlarmList = forwardRef<AlarmListHandle, Props>(function AlarmList(
  { entries, selected, onSelect },
  ref,
) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (entries[index]?.kind === 'group' ? GROUP : ROW),
    getItemKey: (index) => {
      const entry = entries[index];
      return entry?.kind === 'alarm' ? entry.alarm.id : `level ${entry?.level}`;
    },
    overscan: 8,
    initialRect: { width: 900, height: 700 },
  });
  const places = useMemo(
    () => entries.flatMap((entry, index) => (entry.kind === 'alarm' ? [{ id: entry.alarm.id, index }] : [])),
    [entries],
  );

  // Heights differ between headings and rows: measure again when their order changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: entries is what changes the heights
  useEffect(() => virtual.measure(), [entries, virtual]);

  // An alarm that an address leads to is brought into sight, once: later the list is the person's to scroll.
  const brought = useRef<string | undefined>(undefined);
  useEffect(() => {
    const place = places.find(({ id }) => id === selected);
    if (!place || brought.current === selected) return;
    brought.current = selected;
    virtual.scrollToIndex(place.index, { align: 'auto' });
  }, [places, selected, virtual]);
  const drawn = virtual.getVirtualItems().some(({ key }) => key === selected);

  useImperativeHandle(ref, () => ({
    move(by) {
      const at = places.findIndex((place) => place.id === selected);
      const next = places[at < 0 ? (by > 0 ? 0 : places.length - 1) : at + by];
      if (!next) return;
      virtual.scrollToIndex(next.index, { align: 'auto' });
      onSelect(next.id);
    },
    open() {
      const first = places[0];
      if (!selected && first) onSelect(first.id);
      else document.getElementById('alarm-panel')?.focus();
    },
  }));

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      tabIndex={0}
      aria-label={t('desk.list')}
      aria-activedescendant={drawn ? `alarm-${selected}` : undefined}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual.getVirtualItems().map((item) => {
          const entry = entries[item.index] as Entry;
          return (
            <div
              key={item.key}
              className={styles.place}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              role="presentation"
            >
              {entry.kind === 'group' ? (
                <GroupHeading entry={entry} />
              ) : (
                <AlarmRow alarm={entry.alarm} selected={entry.alarm.id === selected} onSelect={onSelect} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
});
