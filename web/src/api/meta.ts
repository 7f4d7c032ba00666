import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useLanguage } from '@/i18n';
import { DASH } from '@/i18n/format';
import { request } from './http';
import type { Meta, ResourceMeta, Text } from './types';

const NONE: Meta = { version: '', resources: [], enums: {}, regions: [] };

/** What the server says about its resources and words; loaded once per session. */
export function useMeta(): Meta {
  return useMetaQuery().data ?? NONE;
}

export function useMetaQuery() {
  return useQuery({
    queryKey: ['meta'],
    queryFn: () => request<Meta>('/api/meta'),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useResource(plural: string): ResourceMeta | undefined {
  return useMeta().resources.find((resource) => resource.plural === plural);
}

/** Words an enum's code; a dash for none. A code without label would be a fault of the server's meta. */
export function useLabel(): (name: string | null | undefined, code: unknown) => string {
  const { enums } = useMeta();
  const language = useLanguage();
  const labels = useMemo(() => {
    const table = new Map<string, Text>();
    for (const [name, members] of Object.entries(enums))
      for (const member of members) table.set(`${name}\n${member.code}`, member);
    return table;
  }, [enums]);
  return useCallback(
    (name, code) => {
      if (code === null || code === undefined || code === '') return DASH;
      const found = labels.get(`${name}\n${code}`);
      if (!found) return DASH;
      return language === 'en' ? found.en : found.zh;
    },
    [labels, language],
  );
}

/** Names a division by its code; a dash for none. */
export function useRegionName(): (code: unknown) => string {
  const { regions } = useMeta();
  const language = useLanguage();
  const names = useMemo(() => new Map(regions.map((region) => [region.code, region])), [regions]);
  return useCallback(
    (code) => {
      const found = names.get(String(code ?? ''));
      if (!found) return DASH;
      return language === 'en' ? found.en : found.zh;
    },
    [names, language],
  );
}
