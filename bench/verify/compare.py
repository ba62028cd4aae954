"""compare.py OURS THEIRS NODATA: pixel by pixel, as GDAL reads both. Prints one JSON object."""
import json
import sys

import numpy
from osgeo import gdal

gdal.UseExceptions()
ours, theirs = (gdal.Open(path) for path in sys.argv[1:3])
nodata = float(sys.argv[3])
ROWS = 512
found = {"pixels": 0, "identical": 0, "onlyOursValid": 0, "onlyTheirsValid": 0, "maxDifference": 0.0}
for dataset, path in ((ours, sys.argv[1]), (theirs, sys.argv[2])):
    if dataset.GetRasterBand(1).GetNoDataValue() != nodata:
        sys.exit(f"{path} has nodata {dataset.GetRasterBand(1).GetNoDataValue()}, not {nodata}")
if (ours.RasterXSize, ours.RasterYSize) != (theirs.RasterXSize, theirs.RasterYSize):
    sys.exit(f"ours is {ours.RasterXSize} x {ours.RasterYSize}, theirs {theirs.RasterXSize} x {theirs.RasterYSize}")
if not numpy.allclose(ours.GetGeoTransform(), theirs.GetGeoTransform(), rtol=0, atol=1e-6):
    sys.exit(f"ours lies at {ours.GetGeoTransform()}, theirs at {theirs.GetGeoTransform()}")
for y in range(0, ours.RasterYSize, ROWS):
    rows = min(ROWS, ours.RasterYSize - y)
    a, b = (dataset.GetRasterBand(1).ReadAsArray(0, y, ours.RasterXSize, rows) for dataset in (ours, theirs))
    found["pixels"] += a.size
    found["identical"] += int((a == b).sum())
    valid_a, valid_b = a != nodata, b != nodata
    found["onlyOursValid"] += int((valid_a & ~valid_b).sum())
    found["onlyTheirsValid"] += int((valid_b & ~valid_a).sum())
    shared = valid_a & valid_b
    if shared.any():
        difference = numpy.abs(a[shared].astype(numpy.float64) - b[shared].astype(numpy.float64)).max()
        found["maxDifference"] = max(found["maxDifference"], float(difference))
print(json.dumps(found))
