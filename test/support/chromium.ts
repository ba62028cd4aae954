import { once } from 'node:events';
import * as z from 'zod';
import { startProgram, temporaryFolder } from './start.ts';

/** One page of a real browser, steered by its debugging protocol. https://chromedevtools.github.io/devtools-protocol/ */
export interface ChromiumPage {
  open(url: string): Promise<void>;
  /** The value of an expression in the page, as JSON; undefined while it is on its way to another. */
  read(expression: string): Promise<unknown>;
  /** Waits until the heading of the page says this. @throws with what it says instead. */
  heading(text: string): Promise<void>;
  close(): Promise<void>;
}

const targets = z.array(z.looseObject({ type: z.string(), webSocketDebuggerUrl: z.string() }));
const message = z.looseObject({
  id: z.number().optional(),
  result: z.looseObject({ result: z.looseObject({ value: z.unknown().optional() }).optional() }).optional(),
});

const LOOKS_MAX = 200;
const LOOK_MS = 100;

export async function openChromium(command: string): Promise<ChromiumPage> {
  const profile = temporaryFolder('chromium');
  const started = startProgram(
    command,
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile.path}`,
      'about:blank',
    ],
    {},
  );
  const [, address = ''] = await started.saw(/DevTools listening on ws:\/\/([^/]+)\//);
  const listed = targets.parse(await (await fetch(`http://${address}/json/list`)).json());
  const socket = new WebSocket(listed.find(({ type }) => type === 'page')?.webSocketDebuggerUrl ?? '');
  await once(socket, 'open');
  const waiting = new Map<number, (value: unknown) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = message.parse(JSON.parse(String(data)));
    if (id !== undefined) waiting.get(id)?.(result?.result?.value);
  });
  let calls = 0;
  const send = (method: string, params: object): Promise<unknown> => {
    const id = ++calls;
    const answer = new Promise((done) => waiting.set(id, done));
    socket.send(JSON.stringify({ id, method, params }));
    return answer;
  };
  const read = (expression: string) => send('Runtime.evaluate', { expression, returnByValue: true });
  return {
    async open(url) {
      await send('Page.navigate', { url });
    },
    read,
    async heading(text) {
      for (let look = 0; look < LOOKS_MAX; look++) {
        if ((await read("document.querySelector('h1')?.textContent")) === text) return;
        await new Promise((go) => setTimeout(go, LOOK_MS));
      }
      throw new Error(`not "${text}" but: ${String(await read('document.body?.innerText'))}`);
    },
    async close() {
      socket.close();
      started.process.kill();
      await started.finished;
      profile.remove();
    },
  };
}
