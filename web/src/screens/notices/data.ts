import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { query, request } from '@/api/http';
import { useMeta } from '@/api/meta';
import type { Text } from '@/api/types';

export interface Notice {
  id: string;
  at: string;
  urgency: string;
  title: Text;
  body: Text;
  subject_kind: string | null;
  subject_id: string | null;
  region: string;
  exercise: boolean;
  read: boolean;
}

export interface Notices {
  items: Notice[];
  unread: number;
  as_of: string;
}

const LOOK_MS = 15_000;

/** The newest notices of the signed-in person, how many are unread, and when this was so. */
export function useNotices(size: number, unread = false) {
  return useQuery({
    queryKey: ['notices', size, unread],
    queryFn: ({ signal }) =>
      request<Notices>(`/api/notices${query({ size, unread: unread || undefined })}`, { signal }),
    refetchInterval: LOOK_MS,
    placeholderData: (previous) => previous,
  });
}

export function useReadNotice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request(`/api/notices/${id}/read`, { method: 'POST' }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['notices'] }),
  });
}

/** The page of a notice's object; null when it has none that this person may open. */
export function usePageOf(): (notice: Notice) => string | null {
  const { resources } = useMeta();
  return ({ subject_kind, subject_id }) => {
    const target = resources.find(({ name }) => name === subject_kind);
    return target && subject_id ? `/${target.plural}/${subject_id}` : null;
  };
}
