#!/usr/bin/env bash
# gdalwarp.sh IN OUT CRS PIXEL MINX MINY MAXX MAXY [gdalwarp's own options]: bilinear on all CPUs, then a COG.
. "$(dirname "$0")/cog.sh"
in=$1 out=$2 crs=$3 pixel=$4 minx=$5 miny=$6 maxx=$7 maxy=$8
shift 8
tmp=$out.tmp.tif
rm -f "$tmp" "$out"
gdalwarp -q -overwrite -multi -wo NUM_THREADS=ALL_CPUS -wm 512 -r bilinear -t_srs "$crs" -tr "$pixel" "$pixel" \
  -te "$minx" "$miny" "$maxx" "$maxy" -dstnodata 0 -co TILED=YES -co BIGTIFF=IF_SAFER "$@" "$in" "$tmp"
finish "$tmp" "$out" 0
