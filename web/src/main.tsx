import '@/design/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from '@/api/client';
import { applyTheme } from '@/design/tokens';
import { changeLanguage, startTranslations } from '@/i18n';
import { usePreferences } from '@/shell/preferences';
import { App } from './App';

const { theme, language } = usePreferences.getState();
applyTheme(theme);
startTranslations(language);
usePreferences.subscribe((now, before) => {
  if (now.theme !== before.theme) applyTheme(now.theme);
  if (now.language !== before.language) changeLanguage(now.language);
});

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
