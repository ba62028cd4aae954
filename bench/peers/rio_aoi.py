"""Masked NDVI of one window of three COGs over HTTP with rasterio, as well tuned as GDAL lets it be.

usage: rio_aoi.py <origin> <size> <x0,y0> [<x0,y0> ...]; the first window opens the files, the others find them open.
Prints JSON: {"ms": [...], "valid": [...], "mean": [...], "cpuMs": [...]}. Imports are not timed.
"""
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

os.environ.update(
    GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR",
    GDAL_INGESTED_BYTES_AT_OPEN="32768",
    GDAL_HTTP_MERGE_CONSECUTIVE_RANGES="YES",
    GDAL_HTTP_MULTIRANGE="YES",
    GDAL_HTTP_MULTIPLEX="YES",
    GDAL_NUM_THREADS="ALL_CPUS",
    CPL_VSIL_CURL_ALLOWED_EXTENSIONS=".tif",
    VSI_CACHE="TRUE",
)
import numpy as np
import rasterio
from rasterio.windows import Window

MASKED = (0, 1, 3, 8, 9, 10)
origin, size = sys.argv[1], int(sys.argv[2])
windows = [tuple(int(part) for part in text.split(",")) for text in sys.argv[3:]]
opened = {}


def read(name, window):
    # One thread per file: a dataset is used by one thread at a time.
    if name not in opened:
        opened[name] = rasterio.open(f"{origin}/{name}.tif")
    return opened[name].read(1, window=window)


out = {"ms": [], "cpuMs": [], "valid": [], "mean": []}
pool = ThreadPoolExecutor(3)
for x, y in windows:
    start, cpu = time.perf_counter(), time.process_time()
    full, half = Window(x, y, size, size), Window(x // 2, y // 2, size // 2, size // 2)
    red, nir, scl = pool.map(read, ("B04", "B08", "SCL"), (full, full, half))
    scl = np.repeat(np.repeat(scl, 2, 0), 2, 1)
    bad = np.isin(scl, MASKED) | (red == 0) | (nir == 0)
    r, n = red.astype(np.float32), nir.astype(np.float32)
    with np.errstate(all="ignore"):
        ndvi = (n - r) / (n + r)
    ndvi[bad] = np.nan
    out["ms"].append((time.perf_counter() - start) * 1000)
    out["cpuMs"].append((time.process_time() - cpu) * 1000)
    out["valid"].append(int(np.isfinite(ndvi).sum()))
    out["mean"].append(float(np.nanmean(ndvi)))
print(json.dumps(out))
