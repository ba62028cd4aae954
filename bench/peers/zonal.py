"""Statistics of one band under polygons, in ways that people write in Python. Prints JSON: rows, and CPU seconds.

loop:     one polygon after the other with GDAL: its window is read, its mask burnt, numpy does the rest.
labels:   all polygons burnt into one raster of numbers, one sort by number. Zones must not overlap.
rasterio: the loop as written with rasterio: geometry_window, geometry_mask, read, numpy.

Where they are installed, libraries that do it all, for which percentiles are asked, too:
rasterstats, exactextract (which weights pixels by what of them is covered, so that its rows differ a little)

zonal.py HOW BAND.tif ZONES.json [product]      zones are rings in the CRS of the band; product: writes a COG of the band, too
"""
import json
import resource
import sys

import numpy as np

how, path, zones_path = sys.argv[1:4]
percents = [2, 5, 25, 50, 75, 95, 98]
rings = json.load(open(zones_path))
if how in ("loop", "labels"):
    from osgeo import gdal, ogr, osr

    gdal.UseExceptions()
    file = gdal.Open(path)
    band = file.GetRasterBand(1)
    gt = file.GetGeoTransform()
    crs = osr.SpatialReference(file.GetProjection())


def shapes(numbered):
    vector = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = vector.CreateLayer("zones", crs)
    layer.CreateField(ogr.FieldDefn("id", ogr.OFTInteger))
    for number, ring in numbered:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["id"] = number
        feature.SetGeometry(ogr.CreateGeometryFromJson(json.dumps({"type": "Polygon", "coordinates": [ring]})))
        layer.CreateFeature(feature)
    return vector, layer


def burnt(numbered, x, y, width, height, kind):
    raster = gdal.GetDriverByName("MEM").Create("", width, height, 1, kind)
    raster.SetGeoTransform((gt[0] + x * gt[1], gt[1], 0, gt[3] + y * gt[5], 0, gt[5]))
    raster.SetProjection(file.GetProjection())
    vector, layer = shapes(numbered)
    gdal.RasterizeLayer(raster, [1], layer, options=["ATTRIBUTE=id"])
    return raster.ReadAsArray()


def row(values):
    if values.size == 0:
        return [0, None, None, None, None, []]
    v = values.astype("float64")
    return [int(v.size), v.min(), v.max(), v.mean(), v.std(), np.percentile(v, percents).tolist()]


def loop():
    for ring in rings:
        xs, ys = [p[0] for p in ring], [p[1] for p in ring]
        x, y = max(0, int((min(xs) - gt[0]) // gt[1])), max(0, int((max(ys) - gt[3]) // gt[5]))
        right = min(file.RasterXSize, int((max(xs) - gt[0]) // gt[1]) + 1)
        bottom = min(file.RasterYSize, int((min(ys) - gt[3]) // gt[5]) + 1)
        inside = burnt([(1, ring)], x, y, right - x, bottom - y, gdal.GDT_Byte) == 1
        values = band.ReadAsArray(x, y, right - x, bottom - y)
        yield row(values[inside & (values != 0)])


def labels():
    label = burnt([(i + 1, ring) for i, ring in enumerate(rings)], 0, 0, file.RasterXSize, file.RasterYSize, gdal.GDT_UInt16).ravel()
    values = band.ReadAsArray().ravel()
    keep = (label > 0) & (values != 0)
    label, values = label[keep], values[keep]
    order = np.argsort(label, kind="stable")
    label, values = label[order], values[order]
    edges = np.searchsorted(label, np.arange(1, len(rings) + 2))
    for i in range(len(rings)):
        yield row(values[edges[i] : edges[i + 1]])


def with_rasterio():
    import rasterio
    from rasterio.features import geometry_mask, geometry_window

    with rasterio.open(path) as image:
        for ring in rings:
            shape = {"type": "Polygon", "coordinates": [ring]}
            window = geometry_window(image, [shape])
            values = image.read(1, window=window)
            inside = geometry_mask([shape], values.shape, image.window_transform(window), invert=True)
            yield row(values[inside & (values != 0)])


def with_rasterstats():
    from rasterstats import zonal_stats

    asked = ["count", "min", "max", "mean", "std"] + [f"percentile_{p}" for p in percents]
    for found in zonal_stats([{"type": "Polygon", "coordinates": [ring]} for ring in rings], path, stats=asked, nodata=0):
        yield [found[name] for name in asked[:5]] + [[found[f"percentile_{p}"] for p in percents]]


def with_exactextract():
    from exactextract import exact_extract

    asked = ["count", "min", "max", "mean", "stdev"]
    quantiles = [f"quantile(q={p / 100})" for p in percents]
    zones = [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}} for ring in rings]
    for found in exact_extract(path, zones, asked + quantiles):
        named = found["properties"]
        yield [named[name] for name in asked[:5]] + [[named[f"quantile_{p}"] for p in percents]]


def write_product():
    """What `product` stands for beside the rows: the band as a COG with overviews, by GDAL's driver."""
    from osgeo import gdal

    gdal.UseExceptions()
    options = ["COMPRESS=DEFLATE", "PREDICTOR=2", "OVERVIEW_RESAMPLING=AVERAGE"]
    gdal.GetDriverByName("COG").CreateCopy(sys.argv[5], gdal.Open(path), options=options)


ways = {
    "loop": loop,
    "labels": labels,
    "rasterio": with_rasterio,
    "rasterstats": with_rasterstats,
    "exactextract": with_exactextract,
}
rows = list(ways[how]())
if len(sys.argv) > 4:
    write_product()
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"rows": rows, "cpuSeconds": used.ru_utime + used.ru_stime}))
