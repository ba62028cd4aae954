import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

/** A function that runs in a process of its own, from its bundle, with its own environment and nothing else. */
export interface LambdaProcess {
  readonly name: string;
  /** One at a time, as one instance of a function has them. @throws Error with the handler's own message. */
  invoke(event: unknown): Promise<unknown>;
  /** What it printed so far. */
  output(): string;
  stop(): Promise<void>;
}

interface Invocation {
  readonly id: string;
  readonly body: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface LambdaOptions {
  readonly name: string;
  /** Folder of its code. */
  readonly folder: string;
  /** `index.handler` */
  readonly handler: string;
  readonly timeoutS: number;
  readonly memoryMb: number;
  readonly region: string;
  /** Of the function's configuration. */
  readonly variables: Readonly<Record<string, string>>;
  /** Not of Lambda: where the services are. */
  readonly endpoints: Readonly<Record<string, string>>;
}

/**
 * Starts the process and a server of the Lambda Runtime API for it. Differs from Lambda in what a container would hold: file system,
 * memory limit, processor, no freezing between invocations, and our own loader in the place of AWS's.
 */
export async function startLambda(options: LambdaOptions): Promise<LambdaProcess> {
  const queue: Invocation[] = [];
  const running = new Map<string, Invocation>();
  let waiting: ServerResponse | undefined;
  let gone: Error | undefined;

  const hand = () => {
    if (waiting === undefined) return;
    const invocation = queue.shift();
    if (invocation === undefined) return;
    running.set(invocation.id, invocation);
    waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.id,
      'lambda-runtime-deadline-ms': String(Date.now() + options.timeoutS * 1000),
      'lambda-runtime-invoked-function-arn': `arn:aws:lambda:${options.region}:123456789012:function:${options.name}`,
    });
    waiting.end(invocation.body);
    waiting = undefined;
  };
  const fail = (error: Error) => {
    gone ??= error;
    for (const { reject } of [...queue.splice(0), ...running.values()]) reject(gone);
    running.clear();
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') {
      waiting = response;
      hand();
      return;
    }
    void (async () => {
      const body: unknown = JSON.parse(await textOf(request));
      const [, id = '', what] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
      const invocation = running.get(id);
      running.delete(id);
      if (what === 'response') invocation?.resolve(body);
      else if (what === 'error') invocation?.reject(new Error(`${options.name}: ${messageOf(body)}`));
      else fail(new Error(`${options.name} did not start: ${messageOf(body)}`));
      response.writeHead(202).end('{}');
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  let printed = '';
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bootstrap.ts')], {
    env: { ...lambdaVariables(options, port), ...options.variables, ...options.endpoints },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = exitOf(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      printed += String(text);
    });
  }
  void exited.then((code) => fail(new Error(`${options.name} ended with ${code}: ${printed.slice(-2_000)}`)));

  return {
    name: options.name,
    output: () => printed,
    invoke: (event) =>
      new Promise((resolve, reject) => {
        if (gone !== undefined) return reject(gone);
        queue.push({ id: randomUUID(), body: JSON.stringify(event), resolve, reject });
        hand();
      }),
    async stop() {
      child.kill('SIGKILL');
      await exited;
      server.closeAllConnections();
      server.close();
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, as far as code of ours or of the SDK could read them. */
function lambdaVariables(options: LambdaOptions, port: number): Record<string, string> {
  return {
    _HANDLER: options.handler,
    AWS_REGION: options.region,
    AWS_DEFAULT_REGION: options.region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: options.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(options.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: 'test',
    LAMBDA_TASK_ROOT: options.folder,
    LANG: 'en_US.UTF-8',
    PATH: dirname(process.execPath),
    TZ: ':UTC',
  };
}

function exitOf(child: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function messageOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return String(body);
  const { errorType, errorMessage } = body as { errorType?: unknown; errorMessage?: unknown };
  return `${String(errorType)}: ${String(errorMessage)}`;
}
