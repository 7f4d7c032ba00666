import { FrameReader, type StreamEvent } from './frames';

/** `[point number, event time in ms, value or null, quality code]`. */
export type LatestTuple = [number, number, number | null, number];

export interface Patch {
  topic: string;
  at: string;
  sequence: number;
  data: unknown;
}

export type Phase = 'idle' | 'connecting' | 'live' | 'stale' | 'ended';

export interface ChannelEvents {
  /** The client must fetch its snapshots again: on a fresh connection, a reset or a gap. */
  resync(reason: 'hello' | 'reset' | 'gap'): void;
  patches(patches: Patch[]): void;
  latest(points: LatestTuple[]): void;
  phase(phase: Phase): void;
  heard(): void;
  signedOut(): void;
}

export const FLUSH_MS = 250;
export const SILENCE_MS = 40_000;
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15_000];

/**
 * The live channel `/api/live`: one connection for all topics of the page.
 *
 * Every event of a connection carries a counter `n`; a jump in it means that something was missed, so
 * snapshots are asked for again. Events are handed over together, at most four times a second.
 * Silence longer than two heartbeats counts as a broken connection.
 */
export class LiveChannel {
  private topics: string[] = [];
  private controller: AbortController | null = null;
  private reader: FrameReader = new FrameReader();
  private expected = 1;
  private lastId: string | null = null;
  private failures = 0;
  private running = false;
  private pendingPatches: Patch[] = [];
  private pendingLatest: LatestTuple[] = [];
  private timers: { [name: string]: ReturnType<typeof setTimeout> | undefined } = {};

  constructor(
    private readonly events: ChannelEvents,
    private readonly get: (path: string, init: RequestInit) => Promise<Response> = (path, init) =>
      fetch(path, init),
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.connect();
  }

  stop(): void {
    this.running = false;
    this.drop();
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.timers = {};
    this.pendingPatches = [];
    this.pendingLatest = [];
    this.events.phase('idle');
  }

  /** Subscribes to exactly *topics*; a change opens a new connection. */
  subscribe(topics: Iterable<string>): void {
    const wanted = [...new Set(topics)].sort();
    if (wanted.join() === this.topics.join()) return;
    this.topics = wanted;
    if (this.running) this.later('reopen', 50, () => this.connect());
  }

  /** Tries again at once, for example when the network is back. */
  retryNow(): void {
    if (this.running && !this.controller) this.connect();
  }

  private later(name: string, ms: number, act: () => void): void {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(() => {
      this.timers[name] = undefined;
      act();
    }, ms);
  }

  private drop(): void {
    clearTimeout(this.timers.silence);
    this.controller?.abort();
    this.controller = null;
  }

  private connect(): void {
    clearTimeout(this.timers.retry);
    this.drop();
    if (this.topics.length === 0) return;
    const controller = new AbortController();
    this.controller = controller;
    this.reader = new FrameReader();
    if (this.failures === 0) this.events.phase('connecting');
    this.listen(controller).then(
      () => this.lost(controller),
      () => this.lost(controller),
    );
  }

  private async listen(controller: AbortController): Promise<void> {
    this.watchSilence(controller);
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (this.lastId) headers['Last-Event-ID'] = this.lastId;
    const response = await this.get(`/api/live?topics=${encodeURIComponent(this.topics.join(','))}`, {
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: controller.signal,
    });
    if (response.status === 401) {
      this.running = false;
      this.events.phase('ended');
      this.events.signedOut();
      return;
    }
    if (!response.ok || !response.body) throw new Error(`live channel answered ${response.status}`);
    const stream = response.body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await stream.read();
      if (done || this.controller !== controller) return;
      this.watchSilence(controller);
      this.events.heard();
      for (const event of this.reader.push(decoder.decode(value, { stream: true }))) this.take(event);
    }
  }

  private watchSilence(controller: AbortController): void {
    this.later('silence', SILENCE_MS, () => {
      controller.abort();
      this.lost(controller);
    });
  }

  private lost(controller: AbortController): void {
    if (this.controller !== controller || !this.running) return;
    this.drop();
    this.events.phase('stale');
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)] as number;
    this.failures += 1;
    this.later('retry', wait * (0.75 + Math.random() / 2), () => this.connect());
  }

  private take(event: StreamEvent): void {
    if (event.event === 'comment') return;
    if (event.id) this.lastId = event.id;
    let body: Record<string, unknown>;
    try {
      body = JSON.parse(event.data) as Record<string, unknown>;
    } catch {
      // A frame that cannot be read is a frame that was missed.
      this.events.resync('gap');
      return;
    }
    if (event.event === 'hello') this.greet();
    else if (event.event === 'reset') this.restart('reset');
    else if (this.inOrder(Number(body.n))) this.keep(event.event, body);
  }

  private greet(): void {
    this.expected = 1;
    this.failures = 0;
    this.events.phase('live');
    this.restart('hello');
  }

  private restart(reason: 'hello' | 'reset'): void {
    this.flush();
    this.events.resync(reason);
  }

  /** Whether event *n* is to be used; a jump forward asks for fresh snapshots, a repeat is left out. */
  private inOrder(n: number): boolean {
    if (n < this.expected) return false;
    if (n > this.expected) this.events.resync('gap');
    this.expected = n + 1;
    return true;
  }

  private keep(kind: string, body: Record<string, unknown>): void {
    if (kind === 'patch') this.pendingPatches.push(body as unknown as Patch);
    else if (kind === 'latest') this.pendingLatest.push(...(body.points as LatestTuple[]));
    else return;
    if (!this.timers.flush) this.later('flush', FLUSH_MS, () => this.flush());
  }

  private flush(): void {
    clearTimeout(this.timers.flush);
    this.timers.flush = undefined;
    const [patches, latest] = [this.pendingPatches, this.pendingLatest];
    this.pendingPatches = [];
    this.pendingLatest = [];
    if (patches.length > 0) this.events.patches(patches);
    if (latest.length > 0) this.events.latest(latest);
  }
}
