import { SwathError } from '@swath/core';
import { throttledRetryAfterMs } from './limits.ts';

/** What is read of an error of the SDK; everything else about it stays in `cause`. */
export interface AwsFailure {
  readonly name: string;
  /** 0 when no answer arrived. */
  readonly status: number;
}

const throttled = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'TooManyRequestsException',
  'LimitExceededException',
  'OverLimit',
  'SlowDown',
  'TransactionInProgressException',
]);

const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
  'CredentialsProviderError',
  'KMS.AccessDeniedException',
]);

/** The bucket, table, queue or bus itself is missing: a mistake of the deployment, not of the caller. */
const missing = new Set([
  'NoSuchBucket',
  'ResourceNotFoundException',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
]);

/** Whatever a call to AWS threw, by what the caller does next. The message names service and error, never ids or keys. */
export function awsError(service: string, error: unknown): SwathError {
  if (error instanceof SwathError) return error;
  const { name, status } = failureOf(error);
  if (name === 'AbortError') {
    return new SwathError('Cancelled', 'The operation was cancelled.', { cause: error });
  }
  if (throttled.has(name) || status === 429) {
    return new SwathError('Throttled', `${service} asks to go slower (${name}).`, {
      retryAfterMs: throttledRetryAfterMs,
      cause: error,
    });
  }
  if (denied.has(name) || status === 401 || status === 403) {
    return new SwathError('Unavailable', `${service} refuses the credentials (${name}).`, {
      fix: 'Look at the role and its policies.',
      cause: error,
    });
  }
  if (missing.has(name)) {
    return new SwathError('Unavailable', `${service} does not find what Swath is configured for (${name}).`, {
      fix: 'Look at the names in the configuration.',
      cause: error,
    });
  }
  if (status === 404)
    return new SwathError('NotFound', `${service} does not find it (${name}).`, { cause: error });
  // No answer, or one of trouble over there: what was asked may have happened.
  if (status === 0 || status >= 500) {
    return new SwathError('Unavailable', `${service} does not answer as it should (${name}).`, {
      cause: error,
    });
  }
  return new SwathError('Bug', `${service} refuses the call (${name}).`, { cause: error });
}

export function failureOf(error: unknown): AwsFailure {
  if (!(error instanceof Error)) return { name: 'unknown', status: 0 };
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  // Errors of this program (TypeError, RangeError) carry no metadata and no network code: they are bugs, not outages.
  const ours = error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
  return { name: error.name, status: typeof status === 'number' ? status : ours ? 400 : 0 };
}

/** Runs a call; its errors come out tagged. */
export async function calling<T>(service: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsError(service, error);
  }
}
