import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SwathError } from '@swath/core';
import type { Secrets } from '@swath/ports';
import { awsError, failureOf } from './errors.ts';

export interface SecretsManagerOptions {
  readonly client: SecretsManagerClient;
  /** Secret `planet-api` is `<prefix>planet-api`. */
  readonly prefix: string;
}

/** Secrets Manager; reads each time. */
export function secretsManagerSecrets({ client, prefix }: SecretsManagerOptions): Secrets {
  return {
    async get(name) {
      const noSecret = (cause?: unknown) =>
        new SwathError('NotFound', `There is no secret "${name}".`, {
          fix: `Store it as text in Secrets Manager under ${prefix}${name}.`,
          cause,
        });
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: prefix + name }));
        if (SecretString === undefined) throw noSecret();
        return SecretString;
      } catch (error) {
        // InvalidRequestException: the secret is scheduled for deletion.
        const gone = ['ResourceNotFoundException', 'InvalidRequestException'].includes(failureOf(error).name);
        throw gone ? noSecret(error) : awsError('Secrets Manager', error);
      }
    },
  };
}

/** Secrets by their whole name or ARN. Makes no call. */
export const accountSecrets = (): Secrets =>
  secretsManagerSecrets({ client: new SecretsManagerClient({}), prefix: '' });
