import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTranslations } from '@/i18n';
import ImportPage from './ImportPage';

vi.mock('./PreviewMap', () => ({ default: () => <div data-testid="map" /> }));

const words = (zh: string, en: string) => ({ zh, en });
const TARGETS = [
  {
    name: 'boundaries',
    title: words('行政区划边界', 'Boundaries'),
    fields: [{ name: 'adcode', title: words('行政区划代码', 'Code'), required: false, help: words('', '') }],
    systems: [
      { value: 'wgs84', label: words('WGS-84（GPS）', 'WGS-84') },
      { value: 'gcj02', label: words('GCJ-02（高德）', 'GCJ-02') },
    ],
  },
];
const FOUND = {
  applied: false,
  usable: 1,
  rejected: 1,
  bounds: [106, 38, 106.4, 38.8],
  errors: [
    {
      number: 2,
      field: 'adcode',
      message: words('没有行政区划代码“999999”', 'There is no division “999999”'),
    },
  ],
  first: [{ number: 1, place: [106.2, 38.4], values: { adcode: '640122' } }],
};

const sent: { path: string; form: FormData }[] = [];
let answers: Record<string, { status: number; body: unknown }>;

beforeEach(() => {
  startTranslations('zh-CN');
  sent.length = 0;
  answers = {
    '/api/map/imports': { status: 200, body: TARGETS },
    '/api/map/imports/boundaries/preview': { status: 200, body: FOUND },
    '/api/map/imports/boundaries': { status: 200, body: { ...FOUND, applied: true } },
  };
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    if (init.body instanceof FormData) sent.push({ path, form: init.body });
    const { status, body } = answers[path] ?? { status: 404, body: {} };
    return new Response(JSON.stringify(body), { status });
  });
});
afterEach(() => void vi.unstubAllGlobals());

function open(): void {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter initialEntries={['/import']}>
        <ImportPage />
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

async function fillIn(system: string): Promise<void> {
  const file = new File(['adcode,lon,lat\n'], 'counties.csv', { type: 'text/csv' });
  await userEvent.upload(await screen.findByLabelText(/^文件/), file);
  await userEvent.click(screen.getByRole('radio', { name: new RegExp(system) }));
  await userEvent.type(screen.getByLabelText(/数据来源/), '测绘院');
}

const preview = () => screen.getByRole('button', { name: '预览' });

describe('the import of a file', () => {
  it('has no coordinate system of its own: without a choice nothing is sent', async () => {
    open();
    const radios = await screen.findAllByRole<HTMLInputElement>('radio', { name: /WGS-84|GCJ-02/ });
    expect(radios.map((one) => [one.checked, one.required])).toEqual([
      [false, true],
      [false, true],
    ]);
    await userEvent.click(preview());
    expect(sent).toEqual([]);
  });

  it('shows what would be brought in before anything is, and each bad row with its reason', async () => {
    open();
    await fillIn('GCJ-02');
    await userEvent.click(preview());
    const found = await screen.findByRole('region', { name: '预览结果' });
    expect(sent.map(({ path }) => path)).toEqual(['/api/map/imports/boundaries/preview']);
    expect(sent[0]?.form.get('system')).toBe('gcj02');
    expect(found.textContent).toContain('可导入 1 行有错误 1 行');
    const bad = within(found).getByRole('region', { name: '有错误的行' });
    expect(
      within(bad)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['2', '行政区划代码', '没有行政区划代码“999999”']);
    await userEvent.click(within(found).getByRole('button', { name: '确认导入 1 行' }));
    const done = await screen.findByRole('region', { name: '导入结果' });
    expect(sent.at(-1)?.path).toBe('/api/map/imports/boundaries');
    expect(done.textContent).toContain('已导入 1 行未导入 1 行');
    expect(within(done).getByRole('link', { name: '在一张图上查看' })).toBeTruthy();
    expect(preview()).toHaveProperty('disabled', true);
  });

  it('forgets a preview as soon as what it rests on is changed', async () => {
    open();
    await fillIn('GCJ-02');
    await userEvent.click(preview());
    await screen.findByRole('region', { name: '预览结果' });
    await userEvent.click(screen.getByRole('radio', { name: /WGS-84/ }));
    expect(screen.queryByRole('region', { name: '预览结果' })).toBeNull();
  });

  it('says of a file that nobody can read what to give instead', async () => {
    answers['/api/map/imports/boundaries/preview'] = {
      status: 422,
      body: {
        code: 'unreadable_file',
        title: words('文件中没有数据行', 'The file holds no rows'),
        next_step: words('请提供 GeoJSON 要素集合', 'Give a GeoJSON FeatureCollection'),
      },
    };
    open();
    await fillIn('WGS-84');
    await userEvent.click(preview());
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('文件中没有数据行');
    expect(alert.textContent).toContain('请提供 GeoJSON 要素集合');
    expect(screen.queryByRole('region', { name: '预览结果' })).toBeNull();
  });
});
