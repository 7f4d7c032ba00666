import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTranslations } from '@/i18n';
import ManifestDrawer from './ManifestDrawer';

const run = (title?: { zh: string; en: string }) => ({
  id: 'r',
  model: 'flood.shallow_water_2d',
  model_version: '1',
  software_version: '0.1.0',
  verification: 'validated',
  digest: 'f'.repeat(64),
  computed_at: '2026-11-26T02:00:00Z',
  valid_at: '2026-11-26T02:00:00Z',
  elapsed_ms: 12,
  exercise: false,
  synthetic: false,
  superseded: false,
  manifest: { inputs: {}, tables: { breach_widths: 'abc' }, seed: null, caveats: [], title },
  result: {},
});

let answer: unknown;
beforeEach(() => {
  startTranslations('zh-CN');
  vi.stubGlobal('fetch', async (path: string) =>
    path === '/api/runs/r'
      ? new Response(JSON.stringify(answer))
      : new Response(JSON.stringify({ items: [], total: 0, resources: [], enums: {}, regions: [] })),
  );
});
afterEach(() => void vi.unstubAllGlobals());

async function heading(): Promise<string> {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <ManifestDrawer run="r" />
      </MemoryRouter>
    </QueryClientProvider>,
  );
  return (await screen.findByText('flood.shallow_water_2d')).closest('p')?.textContent ?? '';
}

describe('the manifest of a number', () => {
  it('names its model in words, in the language on screen', async () => {
    answer = run({ zh: '二维浅水洪水演进', en: 'Two-dimensional shallow-water flood' });
    expect(await heading()).toContain('二维浅水洪水演进');
  });

  it('never shows an id alone, of a model or of a table', async () => {
    answer = run();
    expect(await heading()).toContain('未记录名称的模型');
    expect(screen.getByText('breach_widths').parentElement?.textContent).toContain('软件内置参数表');
  });
});
