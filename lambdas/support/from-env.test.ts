import { describe, expect, it } from 'vitest';
import { requestEnvironment } from './environment.ts';
import { fromEnv, lazily } from './from-env.ts';

const complete: Record<string, string> = {
  ...Object.fromEntries(
    Object.keys(requestEnvironment.shape).map((name) => [
      name,
      name.endsWith('_URL') ? `https://sqs.eu-west-1.amazonaws.com/1/${name}` : name.toLowerCase(),
    ]),
  ),
  SWATH_STAC_APIS: '[{"id":"pc","title":"Planetary Computer","url":"https://pc.example/stac/v1"}]',
  SWATH_DEFAULT_PROVIDER: 'pc',
};

describe('the environment', () => {
  it('becomes the machine over AWS, without a call', () => {
    const deps = fromEnv(complete);
    expect([...deps.providers.keys()]).toEqual(['earth-search', 'pc']);
    expect(deps.defaultProvider).toBe('pc');
    expect(Object.keys(deps.queues).sort()).toEqual(['dispatch', 'imagery', 'order', 'publish', 'record']);
  });

  it.each(Object.keys(requestEnvironment.shape))(
    'without %s stops the start with its name, or has a default',
    (name) => {
      const { [name]: _left, ...rest } = complete;
      if (name === 'SWATH_STAC_APIS' || name === 'SWATH_DEFAULT_PROVIDER')
        expect(() => fromEnv(rest)).not.toThrow();
      else expect(() => fromEnv(rest)).toThrow(name);
    },
  );

  it.each(['{', '{}', '[{"id":"Bad Id"}]'])(
    'with the catalogues %s names them, and shows no value',
    (value) => {
      expect(() => fromEnv({ ...complete, SWATH_STAC_APIS: value })).toThrow(
        /^Environment: SWATH_STAC_APIS missing or not valid\.$/,
      );
    },
  );

  it('is read at the first call; one that failed is tried again', async () => {
    let builds = 0;
    const handler = lazily(
      () => async (event: number) => event + 1,
      () => {
        if (builds++ === 0) throw new Error('not yet');
        return fromEnv(complete);
      },
    );
    await expect(handler(1)).rejects.toThrow('not yet');
    expect([await handler(1), await handler(2)]).toEqual([2, 3]);
    expect(builds).toBe(2);
  });
});
