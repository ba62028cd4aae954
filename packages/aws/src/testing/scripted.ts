import { Readable } from 'node:stream';

/** What the SDK sent, as far as tests look at it. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * The network of one SDK client: says what AWS would answer, which no emulator can be made to say (conflicts, lost
 * answers, partial failures). Everything above it is the real SDK.
 * @param answer for request n, from 0; throwing loses the answer.
 */
export function scriptedNetwork(answer: (request: SentRequest, n: number) => ScriptedAnswer) {
  const requests: SentRequest[] = [];
  return {
    requests,
    config: {
      region: 'eu-central-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      requestHandler: {
        async handle(request: SentRequest) {
          requests.push(request);
          const { status, headers, body } = answer(request, requests.length - 1);
          return {
            response: {
              statusCode: status,
              headers: { ...headers },
              body: Readable.from([Buffer.from(body ?? '')]),
            },
          };
        },
      },
    },
  };
}

/** The body of a JSON request. */
export function bodyText({ body }: SentRequest): string {
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  return typeof body === 'string' ? body : '';
}

/** An error in AWS's JSON protocols. */
export function jsonError(name: string, more: Readonly<Record<string, unknown>> = {}): ScriptedAnswer {
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ __type: `com.amazonaws#${name}`, message: name, ...more }),
  };
}

/** An error of S3. */
export function xmlError(status: number, code: string): ScriptedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  };
}

/** A connection that breaks after the request has gone out. */
export function lostAnswer(): never {
  throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'Error' });
}

/** Draws that make every pause 0. */
export const noPauses = {
  id: () => '01a1fc6c-93e2-7053-a3ae-35b0ef720076',
  secret: () => 'secret',
  fraction: () => 0,
};
