/** A page as a person without scripts sees it. */
export interface Seen {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** As much of a browser as forms need: cookies of each host, redirects, hidden fields. */
export interface FormBrowser {
  open(url: string): Promise<Seen>;
  /** Sends the form of a page, with its hidden fields and these. */
  submit(page: Seen, fields: Readonly<Record<string, string>>): Promise<Seen>;
  cookies(url: string): string;
}

const REDIRECTS_MAX = 10;

export function formBrowser(fetchPage: typeof fetch = fetch): FormBrowser {
  const jar = new Map<string, Map<string, string>>();
  const jarOf = (url: string) => {
    const { host } = new URL(url);
    const found = jar.get(host) ?? new Map<string, string>();
    jar.set(host, found);
    return found;
  };
  const cookies = (url: string) => [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join('; ');

  async function go(url: string, body: URLSearchParams | undefined, hops = 0): Promise<Seen> {
    if (hops > REDIRECTS_MAX) throw new Error(`${url} redirects for ever`);
    const answer = await fetchPage(url, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: cookies(url),
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(url).origin }),
      },
      ...(body === undefined ? {} : { body: body.toString() }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      jarOf(url).set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null)
      return { url, status: answer.status, text: await answer.text(), headers: answer.headers };
    await answer.body?.cancel();
    return go(new URL(next, url).href, undefined, hops + 1);
  }

  return {
    cookies,
    open: (url) => go(url, undefined),
    async submit(page, fields) {
      const form = /<form[^>]*method="post"[^>]*action="([^"]+)"[^>]*>(.*?)<\/form>/s.exec(page.text);
      if (form === null) throw new Error(`no form on ${page.url}: ${page.text.slice(-500)}`);
      const [, action = '', inside = ''] = form;
      const body = new URLSearchParams();
      for (const [, name = '', value = ''] of inside.matchAll(
        /<input type="hidden" name="([^"]+)" value="([^"]*)">/g,
      ))
        body.set(name, value);
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      return go(new URL(action, page.url).href, body);
    },
  };
}
