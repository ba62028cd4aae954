"""The masked NDVI in numpy, single precision, in place: what the Python peers share."""
import numpy

SCALE, OFFSET = numpy.float32(1e-4), numpy.float32(0.1)
NODATA = {"i16": -32768, "f32": -9999}
DTYPE = {"i16": "int16", "f32": "float32"}
numpy.seterr(divide="ignore", invalid="ignore")


def reflectance(dn):
    value = dn.astype(numpy.float32)
    value *= SCALE
    value -= OFFSET
    return value


def masked_ndvi(red_dn, nir_dn, scl, kind):
    """Arrays of one shape; `scl` already on the 10 m grid."""
    drop = (red_dn == 0) | (nir_dn == 0) | (scl <= 1) | (scl == 3) | ((scl >= 8) & (scl <= 10))
    red, nir = reflectance(red_dn), reflectance(nir_dn)
    ndvi = nir - red
    nir += red
    ndvi /= nir
    if kind == "i16":
        ndvi *= numpy.float32(10000)
        numpy.rint(ndvi, out=ndvi)
        numpy.clip(ndvi, -32767, 32767, out=ndvi)
    ndvi[drop] = NODATA[kind]
    return ndvi.astype(DTYPE[kind], copy=False)


def cog(tmp, out, compression):
    """gdal_translate in a process of its own: copying with threads inside rasterio's can deadlock."""
    import os
    import subprocess

    options = ["BLOCKSIZE=512", "PREDICTOR=YES", "OVERVIEW_RESAMPLING=AVERAGE", "NUM_THREADS=ALL_CPUS", *compression]
    flags = [word for option in options for word in ("-co", option)]
    subprocess.run(["gdal_translate", "-q", "-of", "COG", *flags, tmp, out], check=True)
    os.remove(tmp)
