import { useSyncExternalStore } from 'react';
import { serverNow } from '@/api/http';

let current = serverNow();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    current = serverNow();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The server's time in ms, ticking once a second: one timer for all ages on screen. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current);
}
