import type { Extent } from './level-grid.ts';
import { columnAt, HALF_WORLD_M, rowAt } from './mercator.ts';
import { mapBounds } from './tilejson.ts';
import type { ZoomRange } from './zooms.ts';

/** One result, or one series of results, as WMTS shows it. */
export interface WmtsLayer {
  readonly id: string;
  readonly title: string;
  readonly extent: Extent;
  readonly zooms: ZoomRange;
  /** Media types, the first is the default. */
  readonly formats: readonly { readonly mediaType: string; readonly template: string }[];
  /** Values of TIME, oldest first; templates hold `{Time}`. Absent without a dimension. */
  readonly times?: readonly string[];
}

export interface WmtsService {
  readonly title: string;
  readonly attribution: string;
  /** Address of this document. */
  readonly capabilitiesUrl: string;
  /** What parameters of GetTile are put behind: ends with `?` or `&`. */
  readonly kvpUrl: string;
  readonly layers: readonly WmtsLayer[];
}

/** OGC 17-083r4's name of the one tile matrix set there is. */
export const TILE_MATRIX_SET = 'WebMercatorQuad';

/** Scale denominator of zoom 0: 256 pixels of 0.28 mm for the world (WMTS 1.0.0, annex E.4). */
const SCALE_DENOMINATOR_0 = 559_082_264.028_717_8;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** XML text and attributes; control characters, which XML 1.0 cannot hold, are left out. */
const xml = (text: string): string =>
  [...text]
    .filter((char) => char >= ' ' || char === '\n' || char === '\t')
    .map((char) => entities[char] ?? char)
    .join('');

/** The service's capabilities (OGC 07-057r7), for GetCapabilities. */
export function wmtsCapabilities(service: WmtsService): string {
  // GDAL takes the finest matrix of the set as full resolution, whatever the limits of a layer say.
  const zooms = Math.max(0, ...service.layers.map((layer) => layer.zooms.maxzoom)) + 1;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/wmts/1.0 http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd" version="1.0.0">
<ows:ServiceIdentification><ows:Title>${xml(service.title)}</ows:Title><ows:Abstract>${xml(service.attribution)}</ows:Abstract><ows:ServiceType>OGC WMTS</ows:ServiceType><ows:ServiceTypeVersion>1.0.0</ows:ServiceTypeVersion></ows:ServiceIdentification>
<ows:OperationsMetadata>${operation('GetCapabilities', service.kvpUrl)}${operation('GetTile', service.kvpUrl)}</ows:OperationsMetadata>
<Contents>
${service.layers.map(layerXml).join('\n')}
<TileMatrixSet><ows:Identifier>${TILE_MATRIX_SET}</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS><WellKnownScaleSet>urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible</WellKnownScaleSet>
${Array.from({ length: zooms }, (_, zoom) => matrixXml(zoom)).join('\n')}
</TileMatrixSet>
</Contents>
<ServiceMetadataURL xlink:href="${xml(service.capabilitiesUrl)}"/>
</Capabilities>
`;
}

function operation(name: string, url: string): string {
  return `<ows:Operation name="${name}"><ows:DCP><ows:HTTP><ows:Get xlink:href="${xml(url)}"><ows:Constraint name="GetEncoding"><ows:AllowedValues><ows:Value>KVP</ows:Value></ows:AllowedValues></ows:Constraint></ows:Get></ows:HTTP></ows:DCP></ows:Operation>`;
}

function layerXml(layer: WmtsLayer): string {
  const [west, south, east, north] = mapBounds(layer.extent);
  const { times } = layer;
  const dimension =
    times === undefined
      ? ''
      : `<Dimension><ows:Identifier>Time</ows:Identifier><ows:UOM>ISO8601</ows:UOM><Default>${xml(times.at(-1) ?? '')}</Default>${times.map((time) => `<Value>${xml(time)}</Value>`).join('')}</Dimension>`;
  return `<Layer><ows:Title>${xml(layer.title)}</ows:Title><ows:WGS84BoundingBox><ows:LowerCorner>${west} ${south}</ows:LowerCorner><ows:UpperCorner>${east} ${north}</ows:UpperCorner></ows:WGS84BoundingBox><ows:Identifier>${xml(layer.id)}</ows:Identifier><Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style>${layer.formats.map(({ mediaType }) => `<Format>${mediaType}</Format>`).join('')}${dimension}<TileMatrixSetLink><TileMatrixSet>${TILE_MATRIX_SET}</TileMatrixSet><TileMatrixSetLimits>${limitsXml(layer)}</TileMatrixSetLimits></TileMatrixSetLink>${layer.formats
    .toReversed()
    .map(
      ({ mediaType, template }) =>
        `<ResourceURL format="${mediaType}" resourceType="tile" template="${xml(template)}"/>`,
    )
    .join('')}</Layer>`;
}

/** Tiles with something on them, from zoom 0 to that of full detail: clients enlarge beyond it themselves. */
function limitsXml({ extent, zooms }: WmtsLayer): string {
  const { west, south, east, north } = extent;
  const crosses = east > 180 || west < -180;
  return Array.from({ length: zooms.maxzoom + 1 }, (_, zoom) => {
    const last = 2 ** zoom - 1;
    const tile = (pixel: number) => Math.min(last, Math.max(0, Math.floor(pixel / 256)));
    const columns = crosses ? [0, last] : [tile(columnAt(west, zoom)), tile(columnAt(east, zoom))];
    return `<TileMatrixLimits><TileMatrix>${zoom}</TileMatrix><MinTileRow>${tile(rowAt(north, zoom))}</MinTileRow><MaxTileRow>${tile(rowAt(south, zoom))}</MaxTileRow><MinTileCol>${columns[0]}</MinTileCol><MaxTileCol>${columns[1]}</MaxTileCol></TileMatrixLimits>`;
  }).join('');
}

function matrixXml(zoom: number): string {
  const side = 2 ** zoom;
  return `<TileMatrix><ows:Identifier>${zoom}</ows:Identifier><ScaleDenominator>${SCALE_DENOMINATOR_0 / side}</ScaleDenominator><TopLeftCorner>${-HALF_WORLD_M} ${HALF_WORLD_M}</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>${side}</MatrixWidth><MatrixHeight>${side}</MatrixHeight></TileMatrix>`;
}
