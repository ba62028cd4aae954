"""Statistics of one band under polygons, in two ways that people write in Python. Prints JSON: rows and CPU seconds.

loop:   one polygon after the other, as rasterstats does: its window is read, its mask burnt, numpy does the rest.
labels: all polygons burnt into one raster of numbers, one sort by number. Zones must not overlap.

zonal.py loop|labels BAND.tif ZONES.json      zones are rings in the CRS of the band
"""
import json
import resource
import sys

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
how, path, zones_path = sys.argv[1:]
percents = [2, 5, 25, 50, 75, 95, 98]
file = gdal.Open(path)
band = file.GetRasterBand(1)
gt = file.GetGeoTransform()
crs = osr.SpatialReference(file.GetProjection())
rings = json.load(open(zones_path))


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


rows = list(loop() if how == "loop" else labels())
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"rows": rows, "cpuSeconds": used.ru_utime + used.ru_stime}))
