type Labels = readonly (string | number)[];

/** A cube in the notation of the test documents; names t, x, y, b say the type. */
export function cubeOf(labels: Readonly<Record<string, Labels>>, data: unknown, nodata?: number) {
  const types: Record<string, string> = { t: 'temporal', x: 'spatial', y: 'spatial', b: 'bands' };
  const dimensions = Object.entries(labels).map(([name, values]) => [
    name,
    { type: types[name] ?? 'other', values },
  ]);
  return {
    type: 'datacube',
    order: Object.keys(labels),
    dimensions: Object.fromEntries(dimensions),
    data,
    ...(nodata === undefined ? {} : { nodata }),
  };
}
