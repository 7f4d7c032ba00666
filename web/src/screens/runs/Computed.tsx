import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import styles from './Computed.module.css';

/** The run whose manifest is open; one drawer serves all screens. */
export const useOpenRun = create<{ run: string | null; show: (run: string | null) => void }>((set) => ({
  run: null,
  show: (run) => set({ run }),
}));

/** A computed number: pressing it opens what it was computed from. */
export function Computed({ run, children }: { run: string | null | undefined; children: ReactNode }) {
  const { t } = useTranslation();
  const show = useOpenRun((state) => state.show);
  if (!run) return children;
  return (
    <button type="button" className={styles.computed} title={t('run.how')} onClick={() => show(run)}>
      {children}
    </button>
  );
}
