"""xarray-dask.py RED NIR SCL OUT i16|f32: lazy chunks on dask's threads, as odc-stac's users work, then a COG."""
import os
import sys
import threading

import dask
import dask.array
import rioxarray
import xarray
from ndvi import DTYPE, NODATA, cog, masked_ndvi

CHUNK = 2048
red_path, nir_path, scl_path, out, kind = sys.argv[1:]
dask.config.set(scheduler="threads", num_workers=os.cpu_count())


def lazy(path, chunk):
    chunks = {"band": 1, "x": chunk, "y": chunk}
    return rioxarray.open_rasterio(path, chunks=chunks, lock=False).squeeze("band", drop=True)


red, nir, scl = lazy(red_path, CHUNK), lazy(nir_path, CHUNK), lazy(scl_path, CHUNK // 2)
classes = scl.data.repeat(2, 0).repeat(2, 1).rechunk(red.data.chunks)
pixels = dask.array.map_blocks(masked_ndvi, red.data, nir.data, classes, kind, dtype=DTYPE[kind])
result = xarray.DataArray(pixels, dims=("y", "x"), coords={"x": red.x, "y": red.y})
result = result.rio.write_crs(red.rio.crs).rio.write_transform(red.rio.transform()).rio.write_nodata(NODATA[kind])
tmp = out + ".tmp.tif"
result.rio.to_raster(tmp, tiled=True, lock=threading.Lock())
# From the file just written: computing the graph a second time would be unfair to it.
written = lazy(tmp, CHUNK)
valid = written.where(written != NODATA[kind])
dask.compute(valid.min(), valid.max(), valid.mean(), valid.std())
cog(tmp, out, ["COMPRESS=DEFLATE"])
