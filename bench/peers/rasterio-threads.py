"""rasterio-threads.py RED NIR SCL OUT i16|f32 [COG option ...]: windows of 1024 in as many threads as cores, then a COG."""
import math
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy
import rasterio
from ndvi import DTYPE, NODATA, cog, masked_ndvi
from rasterio.windows import Window

SIDE = 1024
red_path, nir_path, scl_path, out, kind, *compression = sys.argv[1:]
local, lock = threading.local(), threading.Lock()
tmp = out + ".tmp.tif"
nodata = NODATA[kind]
totals = {"min": math.inf, "max": -math.inf, "sum": 0.0, "squares": 0.0, "count": 0}
histogram = numpy.zeros(256, numpy.int64)
span = (-10000, 10000) if kind == "i16" else (-1, 1)


def read(window):
    """Each thread has its own handles: GDAL's are not to be shared."""
    if not hasattr(local, "files"):
        local.files = [rasterio.open(path) for path in (red_path, nir_path, scl_path)]
    red, nir, scl = local.files
    half = Window(*(part // 2 for part in window.flatten()))
    classes = scl.read(1, window=half).repeat(2, axis=0).repeat(2, axis=1)
    return red.read(1, window=window), nir.read(1, window=window), classes


def note(values):
    valid = values[values != nodata]
    if valid.size == 0:
        return
    wide = valid.astype(numpy.float64)
    counts, _ = numpy.histogram(valid, 256, span)
    with lock:
        totals["min"] = min(totals["min"], float(valid.min()))
        totals["max"] = max(totals["max"], float(valid.max()))
        totals["sum"] += float(wide.sum())
        totals["squares"] += float(numpy.dot(wide, wide))
        totals["count"] += valid.size
        histogram[:] += counts


with rasterio.Env(GDAL_CACHEMAX=512):
    with rasterio.open(red_path) as source:
        width, height, profile = source.width, source.height, source.profile
    profile.update(driver="GTiff", dtype=DTYPE[kind], nodata=nodata, tiled=True, blockxsize=512, blockysize=512)
    for key in ("compress", "predictor"):
        profile.pop(key, None)
    with rasterio.open(tmp, "w", **profile) as target:

        def work(corner):
            x, y = corner
            window = Window(x, y, min(SIDE, width - x), min(SIDE, height - y))
            values = masked_ndvi(*read(window), kind)
            note(values)
            with lock:
                target.write(values, 1, window=window)

        corners = [(x, y) for y in range(0, height, SIDE) for x in range(0, width, SIDE)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(work, corners))
        mean = totals["sum"] / totals["count"]
        target.update_tags(
            1,
            STATISTICS_MINIMUM=totals["min"],
            STATISTICS_MAXIMUM=totals["max"],
            STATISTICS_MEAN=mean,
            STATISTICS_STDDEV=math.sqrt(totals["squares"] / totals["count"] - mean * mean),
        )
cog(tmp, out, compression or ["COMPRESS=DEFLATE"])
