import { Agent, type IncomingMessage, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One server called over kept connections, at most `sockets` at once. */
export function httpClient(url: string, sockets: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  const open = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    new Promise<IncomingMessage>((answered, failed) => {
      const call = request(new URL(path, url), { method, agent, headers }, answered);
      call.on('error', failed);
      call.end(body);
    });
  return {
    async call(
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<Answer> {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const type: Record<string, string> =
        text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
      const answer = await open(method, path, { accept: 'application/json', ...type, ...headers }, text);
      const pieces: Buffer[] = [];
      for await (const piece of answer) pieces.push(piece);
      return { status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') };
    },
    /** Reads server-sent events until `done`; false when the stream ended without. */
    async follow(path: string): Promise<{ readonly status: number; readonly done: boolean }> {
      const answer = await open('GET', path, { accept: 'text/event-stream' });
      let text = '';
      for await (const piece of answer) {
        text = (text + String(piece)).slice(-4096);
        if (!text.includes('event: done\n')) continue;
        answer.destroy();
        return { status: 200, done: true };
      }
      return { status: answer.statusCode ?? 0, done: false };
    },
    close: () => agent.destroy(),
  };
}
export type HttpClient = ReturnType<typeof httpClient>;
