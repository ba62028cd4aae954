import { describe, expect, it } from 'vitest';
import { memoryImage } from '../../../../test/support/memory-image.ts';
import { parseExpression } from '../expression/parse.ts';
import type { OpenImage } from '../image.ts';
import { processWindow } from './process-window.ts';
import type { ProductWork } from './work.ts';

const grid = {
  crs: 'EPSG:32631',
  geotransform: [500000, 10, 0, 5000000, 0, -10],
  width: 4,
  height: 1,
} as const;

/** Band 10, 20, 30, 40; the mask has the given classes. */
function work(prefix: string): ProductWork {
  const band = { href: `${prefix}band`, bandIndex: 1, scale: 1, offset: 0 };
  const mask = { href: `${prefix}mask`, bandIndex: 1, rule: { classes: [9] } };
  return {
    grid,
    steps: [{ label: 'a', scenes: [{ id: 's', bands: { b: band }, mask }] }],
    outputs: [{ name: 'b', expression: parseExpression('b') }],
    composite: 'none',
    resampling: 'nearest',
  };
}

/** Images that note what is opened and read; the mask is not there before the band has been asked for, when so told. */
function images(classes: readonly number[], maskWaits: boolean) {
  const events: string[] = [];
  const bandAsked = Promise.withResolvers<void>();
  const open: OpenImage = async (href) => {
    const name = href.endsWith('mask') ? 'mask' : 'band';
    events.push(`open ${name}`);
    const at = (x: number): number => (name === 'mask' ? (classes[x] ?? 0) : 10 * (x + 1));
    const image = memoryImage({ ...grid, name: href, nodata: 0, dtype: 'uint16', at });
    return {
      ...image,
      readWindow: async (request) => {
        events.push(`read ${name}`);
        if (name === 'band') bandAsked.resolve();
        else if (maskWaits) await bandAsked.promise;
        return await image.readWindow(request);
      },
    };
  };
  return { events, open };
}

const window = { x: 0, y: 0, width: 4, height: 1 };

describe('a small window of remote images', () => {
  it('is read with mask and band on their way at once', async () => {
    const { open } = images([4, 9, 4, 4], true);
    const { planes, counts } = await processWindow(work('https://a.test/'), window, open);
    expect([...(planes[0] ?? [])]).toEqual([10, Number.NaN, 30, 40]);
    expect(counts).toEqual({ total: 4, withData: 4, masked: 1, valid: 3 });
  });

  it('gives what local images give, also where the mask keeps nothing', async () => {
    for (const classes of [
      [4, 9, 4, 4],
      [9, 9, 9, 9],
    ]) {
      const local = images(classes, false);
      const remote = images(classes, false);
      expect(await processWindow(work('https://a.test/'), window, remote.open)).toEqual(
        await processWindow(work('/'), window, local.open),
      );
      expect(local.events.includes('read band')).toBe(classes.includes(4));
      expect(remote.events).toContain('read band');
    }
  });

  it('fails with the band, and not when the mask leaves no need for it', async () => {
    const failing = (classes: readonly number[]): OpenImage => {
      const { open } = images(classes, false);
      return async (href) => {
        if (href.endsWith('band')) throw new Error('no band');
        return await open(href);
      };
    };
    await expect(processWindow(work('https://a.test/'), window, failing([4, 4, 4, 4]))).rejects.toThrow(
      'no band',
    );
    const { counts } = await processWindow(work('https://a.test/'), window, failing([9, 9, 9, 9]));
    expect(counts.masked).toBe(4);
  });

  it('is smaller than a unit of a product: there a mask that keeps nothing saves the band', async () => {
    const wide = { ...grid, width: 1024, height: 1024 };
    const events: string[] = [];
    const open: OpenImage = async (href) => {
      const name = href.endsWith('mask') ? 'mask' : 'band';
      const image = memoryImage({ ...wide, name: href, nodata: 0, dtype: 'uint16', at: () => 9 });
      return {
        ...image,
        readWindow: async (request) => {
          events.push(`read ${name}`);
          return await image.readWindow(request);
        },
      };
    };
    const unit = { x: 0, y: 0, width: 1024, height: 1024 };
    const { counts } = await processWindow({ ...work('https://a.test/'), grid: wide }, unit, open);
    expect(counts.masked).toBe(1024 * 1024);
    expect(events).toEqual(['read mask']);
  });
});
