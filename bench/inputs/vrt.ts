import type { Grid } from '@swath/geo';

/**
 * A GDAL VRT that shows the one band of a file beside it on `grid`, each pixel repeated (nearest neighbour) where the
 * file is coarser, and nothing else of it: no statistics, no other metadata.
 */
export function vrtOf(input: {
  /** File name, relative to the VRT. */
  readonly file: string;
  /** [columns, rows] of that file. */
  readonly size: readonly [number, number];
  readonly dataType: 'Byte' | 'UInt16';
  /** Same corners as the file's. */
  readonly grid: Grid;
}): string {
  const { file, size, dataType, grid } = input;
  return [
    `<VRTDataset rasterXSize="${grid.width}" rasterYSize="${grid.height}">`,
    `  <SRS>${grid.crs}</SRS>`,
    `  <GeoTransform>${grid.geotransform.join(', ')}</GeoTransform>`,
    `  <VRTRasterBand dataType="${dataType}" band="1">`,
    '    <NoDataValue>0</NoDataValue>',
    '    <SimpleSource resampling="nearest">',
    `      <SourceFilename relativeToVRT="1">${file}</SourceFilename>`,
    '      <SourceBand>1</SourceBand>',
    `      <SrcRect xOff="0" yOff="0" xSize="${size[0]}" ySize="${size[1]}"/>`,
    `      <DstRect xOff="0" yOff="0" xSize="${grid.width}" ySize="${grid.height}"/>`,
    '    </SimpleSource>',
    '  </VRTRasterBand>',
    '</VRTDataset>',
    '',
  ].join('\n');
}
