import * as z from 'zod';

/** Column and row of the tile of Web Mercator that holds a place. */
export function tileAt(lon: number, lat: number, zoom: number): readonly [number, number] {
  const across = 2 ** zoom;
  const fi = (lat * Math.PI) / 180;
  const down = (1 - Math.asinh(Math.tan(fi)) / Math.PI) / 2;
  return [Math.floor(((lon + 180) / 360) * across), Math.floor(down * across)];
}

const itemShape = z.looseObject({
  properties: z.looseObject({}),
  assets: z.record(z.string(), z.looseObject({ href: z.string() })),
});

/** An Item without when it was made, where files lie, and the content key, which knows where the scenes came from. */
export function whatItSays(value: unknown): object {
  const { properties, assets, links: _, id: _id, ...item } = itemShape.parse(value);
  const kept = Object.entries(properties).filter(
    ([name]) => !['created', 'updated', 'swath:content_key'].includes(name),
  );
  return {
    ...item,
    properties: Object.fromEntries(kept),
    assets: Object.fromEntries(
      Object.entries(assets).map(([key, { href: _href, ...asset }]) => [key, asset]),
    ),
  };
}
