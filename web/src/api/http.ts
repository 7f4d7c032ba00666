import { Problem, problemOf, unreachable } from './problem';

type Listener = () => void;
const onSessionEnd = new Set<Listener>();

/** Calls *listener* whenever the server says that nobody is signed in. */
export function whenSessionEnds(listener: Listener): () => void {
  onSessionEnd.add(listener);
  return () => onSessionEnd.delete(listener);
}

export function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? '';
}

export function announceSessionEnd(): void {
  for (const listener of onSessionEnd) listener();
}

const clock = { offsetMs: 0 };

/** The server's time in ms as far as the last answer told: this machine's clock may be wrong. */
export function serverNow(): number {
  return Date.now() + clock.offsetMs;
}

function readClock(response: Response, sentAt: number): void {
  const stated = Date.parse(response.headers.get('date') ?? '');
  const offset = stated + 500 - (sentAt + Date.now()) / 2;
  // The header counts whole seconds: below two seconds this machine's own clock is the better one.
  if (Number.isFinite(offset)) clock.offsetMs = Math.abs(offset) > 2000 ? offset : 0;
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Sent in place of *body* where a file goes along. */
  form?: FormData;
  signal?: AbortSignal;
}

/** One call of the API: JSON in (or a form with its file) and out; refusals are thrown as `Problem`. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-CSRFToken'] = csrfToken();
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  if (options.form) init.body = options.form;
  if (options.signal) init.signal = options.signal;
  const sentAt = Date.now();
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
  readClock(response, sentAt);
  if (!response.ok) {
    const problem = await problemOf(response);
    if (response.status === 401 && !path.startsWith('/api/session')) announceSessionEnd();
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** `key=value` pairs of a query string; empty values are left out, lists are joined by commas. */
export function query(params: Record<string, string | number | boolean | string[] | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    search.set(key, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}

export { Problem };
