# Sourced by the other scripts: the steps that all of them share.
set -euo pipefail
export GDAL_NUM_THREADS=ALL_CPUS GDAL_CACHEMAX=1024

# finish TMP OUT NODATA: statistics and histogram of the uncompressed TMP, then the COG, which takes the statistics over.
finish() {
  gdalinfo -stats -hist "$1" >/dev/null
  gdal_translate -q -of COG -a_nodata "$3" \
    -co COMPRESS=DEFLATE -co PREDICTOR=YES -co BLOCKSIZE=512 -co OVERVIEW_RESAMPLING=AVERAGE -co NUM_THREADS=ALL_CPUS "$1" "$2"
  rm -f "$1" "$1.aux.xml"
}
