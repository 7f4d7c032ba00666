import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FLUSH_MS, type LatestTuple, LiveChannel, type Patch, type Phase, SILENCE_MS } from './channel';
import { FrameReader } from './frames';

/** A server end: each call of `get` opens a connection whose text the test writes. */
class Server {
  connections: { path: string; headers: Record<string, string>; write(text: string): void; close(): void }[] =
    [];
  status = 200;

  get = async (path: string, init: RequestInit): Promise<Response> => {
    const encoder = new TextEncoder();
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(c) {
        controller = c;
      },
    });
    init.signal?.addEventListener('abort', () => {
      try {
        controller.error(new DOMException('aborted', 'AbortError'));
      } catch {
        // closed already
      }
    });
    this.connections.push({
      path,
      headers: init.headers as Record<string, string>,
      write: (text) => controller.enqueue(encoder.encode(text)),
      close: () => controller.close(),
    });
    return new Response(this.status === 200 ? body : null, { status: this.status });
  };

  get last() {
    return this.connections[this.connections.length - 1] as Server['connections'][number];
  }
}

const hello = (sequence = 10) => `event: hello\ndata: {"sequence": ${sequence}}\n\n`;
const patch = (n: number, id: string, version: number, sequence = 10 + n) =>
  `id: ${sequence}\nevent: patch\ndata: ${JSON.stringify({ n, sequence, topic: 'alarm', at: '', data: { id, version } })}\n\n`;

let server: Server;
let resyncs: string[];
let batches: Patch[][];
let latest: LatestTuple[];
let phases: Phase[];
let signedOut: number;
let channel: LiveChannel;

async function settle(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  resyncs = [];
  batches = [];
  latest = [];
  phases = [];
  signedOut = 0;
  channel = new LiveChannel(
    {
      resync: (reason) => resyncs.push(reason),
      patches: (some) => batches.push(some),
      latest: (some) => latest.push(...some),
      phase: (phase) => phases.push(phase),
      heard: () => undefined,
      signedOut: () => {
        signedOut += 1;
      },
    },
    server.get,
  );
  channel.subscribe(['alarm']);
  channel.start();
});

afterEach(() => {
  channel.stop();
  vi.useRealTimers();
});

describe('a fresh connection', () => {
  it('asks for a snapshot on hello and is live', async () => {
    await settle();
    server.last.write(hello());
    await settle();
    expect(resyncs).toEqual(['hello']);
    expect(phases).toEqual(['connecting', 'live']);
    expect(server.last.path).toBe('/api/live?topics=alarm');
  });

  it('hands patches over together, at most four times a second', async () => {
    await settle();
    server.last.write(hello() + patch(1, 'a', 1) + patch(2, 'a', 2));
    await settle(FLUSH_MS / 2);
    server.last.write(patch(3, 'b', 1));
    expect(batches).toEqual([]);
    await settle(FLUSH_MS);
    expect(batches.map((some) => some.length)).toEqual([3]);
  });

  it('hands over latest values', async () => {
    await settle();
    server.last.write(`${hello()}event: latest\ndata: {"n":1,"points":[[7,1000,2.5,0],[8,1000,null,2]]}\n\n`);
    await settle(FLUSH_MS);
    expect(latest).toEqual([
      [7, 1000, 2.5, 0],
      [8, 1000, null, 2],
    ]);
  });
});

describe('what goes missing or comes twice', () => {
  it('asks for a snapshot again on a gap, and still uses the patch', async () => {
    await settle();
    server.last.write(hello() + patch(1, 'a', 1) + patch(3, 'b', 1));
    await settle(FLUSH_MS);
    expect(resyncs).toEqual(['hello', 'gap']);
    expect(batches.flat().map((p) => (p.data as { id: string }).id)).toEqual(['a', 'b']);
  });

  it('leaves out a repeated event', async () => {
    await settle();
    server.last.write(hello() + patch(1, 'a', 1) + patch(1, 'a', 1) + patch(2, 'b', 1));
    await settle(FLUSH_MS);
    expect(resyncs).toEqual(['hello']);
    expect(batches.flat()).toHaveLength(2);
  });

  it('asks for a snapshot on reset', async () => {
    await settle();
    server.last.write(`${hello()}event: reset\ndata: {}\n\n`);
    await settle();
    expect(resyncs).toEqual(['hello', 'reset']);
  });

  it('treats an unreadable event as a gap', async () => {
    await settle();
    server.last.write(`${hello()}event: patch\ndata: {oops\n\n`);
    await settle();
    expect(resyncs).toEqual(['hello', 'gap']);
  });
});

describe('a broken connection', () => {
  it('is shown as stale and reopened with the last event id, counting from one again', async () => {
    await settle();
    server.last.write(hello() + patch(1, 'a', 1, 42));
    await settle(FLUSH_MS);
    server.last.close();
    await settle();
    expect(phases.at(-1)).toBe('stale');
    await settle(1000);
    expect(server.connections).toHaveLength(2);
    expect(server.last.headers['Last-Event-ID']).toBe('42');
    server.last.write(hello(50) + patch(1, 'b', 1, 51));
    await settle(FLUSH_MS);
    expect(phases.at(-1)).toBe('live');
    expect(resyncs).toEqual(['hello', 'hello']);
    expect(batches.flat()).toHaveLength(2);
  });

  it('is noticed by silence, while heartbeats keep it alive', async () => {
    await settle();
    server.last.write(hello());
    await settle(SILENCE_MS - 1000);
    server.last.write(': heartbeat\n\n');
    await settle(SILENCE_MS - 1000);
    expect(phases.at(-1)).toBe('live');
    await settle(2000);
    expect(phases.at(-1)).toBe('stale');
  });

  it('backs off between tries', async () => {
    server.status = 503;
    await settle(60_000);
    expect(server.connections.length).toBeGreaterThan(5);
    expect(server.connections.length).toBeLessThan(14);
  });

  it('stops when the session has ended', async () => {
    await settle();
    server.status = 401;
    server.last.close();
    await settle(60_000);
    expect(signedOut).toBe(1);
    expect(phases.at(-1)).toBe('ended');
    expect(server.connections).toHaveLength(2);
  });
});

describe('topics', () => {
  it('open one new connection when they change', async () => {
    await settle();
    channel.subscribe(['alarm', 'point:7']);
    channel.subscribe(['alarm', 'point:7', 'status']);
    await settle(100);
    expect(server.connections.map((c) => decodeURIComponent(c.path))).toEqual([
      '/api/live?topics=alarm',
      '/api/live?topics=alarm,point:7,status',
    ]);
    channel.subscribe(['status', 'point:7', 'alarm']);
    await settle(100);
    expect(server.connections).toHaveLength(2);
  });
});

describe('the reader of frames', () => {
  it('joins frames cut anywhere, with any line end', () => {
    const text = 'event: patch\r\nid: 5\r\ndata: {"a":\r\ndata: 1}\r\n\r\n: beat\n\ndata: x\n\n';
    for (let cut = 1; cut < text.length; cut += 1) {
      const reader = new FrameReader();
      const events = [...reader.push(text.slice(0, cut)), ...reader.push(text.slice(cut))];
      expect(events).toEqual([
        { event: 'patch', data: '{"a":\n1}', id: '5' },
        { event: 'comment', data: 'beat', id: null },
        { event: 'message', data: 'x', id: null },
      ]);
    }
  });
});
