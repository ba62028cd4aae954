export { attributionOf } from './attribution.ts';
export { type DecidedDrawing, drawTile, type Picture } from './draw-tile.ts';
export {
  type BandLook,
  type Drawing,
  type DrawParams,
  type ImageLook,
  planDrawing,
  planValues,
} from './drawing.ts';
export { engine } from './engine.ts';
export { type Extent, extentOf, tileParts } from './level-grid.ts';
export * from './limits.ts';
export { tileBounds } from './mercator.ts';
export { colormapNames } from './named-colormaps.ts';
export { paint } from './paint.ts';
export { parsePoint, valuesAt } from './point.ts';
export { drawGrid, type PreviewParams, previewGrid } from './preview.ts';
export type { Picturable } from './read.ts';
export { type DecideStretch, stretchDecider } from './stretch.ts';
export { mediaTypeOf, parseTileAddress, pictureFormat, type TileAddress } from './tile-address.ts';
export { mapBounds, type TileJson, tileJson } from './tilejson.ts';
export { TILE_MATRIX_SET, type WmtsLayer, type WmtsService, wmtsCapabilities } from './wmts.ts';
export { type ZoomRange, zoomRange } from './zooms.ts';
