/** One event of a `text/event-stream`, or a comment (the server's heartbeat). */
export interface StreamEvent {
  event: string;
  data: string;
  id: string | null;
}

/**
 * Cuts a `text/event-stream` into events as its text arrives.
 * The browser's own EventSource hides heartbeats and status codes, and both are needed to say honestly
 * whether the channel is alive or the session has ended.
 */
export class FrameReader {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private id: string | null = null;

  /** The events that *chunk* completes; a comment comes as an event named `comment`. */
  push(chunk: string): StreamEvent[] {
    this.rest += chunk;
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    const events: StreamEvent[] = [];
    for (const line of lines) {
      const done = this.line(line);
      if (done) events.push(done);
    }
    return events;
  }

  private line(line: string): StreamEvent | null {
    if (line === '') return this.dispatch();
    if (line.startsWith(':')) return { event: 'comment', data: line.slice(1).trim(), id: null };
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.event = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id') this.id = value;
    return null;
  }

  private dispatch(): StreamEvent | null {
    const done =
      this.data.length > 0
        ? { event: this.event || 'message', data: this.data.join('\n'), id: this.id }
        : null;
    this.event = '';
    this.data = [];
    this.id = null;
    return done;
  }
}
