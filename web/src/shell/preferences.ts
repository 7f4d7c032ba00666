import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { ThemeName } from '@/design/tokens';
import type { Language } from '@/i18n';

interface Preferences {
  theme: ThemeName;
  language: Language;
  muted: boolean;
  set(change: Partial<Pick<Preferences, 'theme' | 'language' | 'muted'>>): void;
}

function firstTheme(): ThemeName {
  return window.matchMedia?.('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

/** What one person prefers on this machine. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: firstTheme(),
      language: 'zh-CN',
      muted: false,
      set: (change) => set(change),
    }),
    { name: 'anlan-preferences', partialize: ({ theme, language, muted }) => ({ theme, language, muted }) },
  ),
);
