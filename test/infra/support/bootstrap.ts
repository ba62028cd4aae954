// What Lambda's own runtime does, for one handler: loads it from LAMBDA_TASK_ROOT, then asks for invocations and answers them until the
// process is ended. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REACH_VARIABLE, reachHere } from './reach.ts';

const variable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};
const api = `http://${variable('AWS_LAMBDA_RUNTIME_API')}/2018-06-01/runtime`;
const post = async (path: string, body: unknown): Promise<void> => {
  const answer = await fetch(`${api}/${path}`, { method: 'POST', body: JSON.stringify(body ?? null) });
  await answer.arrayBuffer();
};
const described = (error: unknown) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, stackTrace: error.stack?.split('\n').slice(1) }
    : { errorType: 'unknown', errorMessage: String(error), stackTrace: [] };

const named = process.env[REACH_VARIABLE];
if (named !== undefined) reachHere(named);
const [file = '', name = ''] = variable('_HANDLER').split('.');
let handler: (event: unknown, context: unknown) => Promise<unknown>;
try {
  const module: Readonly<Record<string, unknown>> = await import(
    pathToFileURL(join(variable('LAMBDA_TASK_ROOT'), `${file}.mjs`)).href
  );
  const found = module[name];
  if (typeof found !== 'function') throw new Error(`${file}.mjs exports no function ${name}`);
  handler = async (event, context) => found(event, context);
} catch (error) {
  await post('init/error', described(error));
  throw error;
}

for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const requestId = next.headers.get('lambda-runtime-aws-request-id') ?? '';
  const deadlineMs = Number(next.headers.get('lambda-runtime-deadline-ms'));
  const context = {
    awsRequestId: requestId,
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
    invokedFunctionArn: next.headers.get('lambda-runtime-invoked-function-arn'),
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
  try {
    await post(`invocation/${requestId}/response`, await handler(await next.json(), context));
  } catch (error) {
    await post(`invocation/${requestId}/error`, described(error));
  }
}
