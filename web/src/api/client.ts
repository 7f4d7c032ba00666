import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem';

/** Whether asking again may help: only when the server did not answer or is not available right now. */
function worthRetrying(failures: number, error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return failures < 3 && (error.status === 0 || error.status >= 502);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: worthRetrying, staleTime: 10_000, refetchOnWindowFocus: true, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});
