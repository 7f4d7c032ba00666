import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { request, whenSessionEnds } from '@/api/http';
import type { SessionView } from '@/api/types';

const KEY = ['session'];

/** Who is signed in; null when nobody is. */
export function useSession() {
  return useQuery({
    queryKey: KEY,
    queryFn: async (): Promise<SessionView | null> =>
      (await request<SessionView | undefined>('/api/session')) ?? null,
    staleTime: 60_000,
  });
}

/** Whether the signed-in person holds *permission* somewhere; what they may do to one object the server says. */
export function useMay(permission: string): boolean {
  return useSession().data?.permissions.includes(permission) ?? false;
}

/** Shows the login screen as soon as any call learns that the session has ended. */
export function useSessionEnd(): void {
  const client = useQueryClient();
  useEffect(() => whenSessionEnds(() => client.setQueryData(KEY, null)), [client]);
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: { username: string; password: string }) => {
      // The first answer of the server sets the cookie that the sign-in must carry.
      await request('/api/session').catch(() => undefined);
      return request<SessionView>('/api/session', { method: 'POST', body });
    },
    onSuccess: (session) => {
      const previous = client.getQueryData<string>(['last-user']);
      if (previous !== session.username)
        client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' });
      client.setQueryData(['last-user'], session.username);
      client.setQueryData(KEY, session);
      void client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'session' });
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request('/api/session', { method: 'DELETE' }),
    onSettled: () => {
      // The session's own entry stays: the screens watch it, and would not see a new one in its place.
      client.setQueryData(KEY, null);
      client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' });
    },
  });
}
