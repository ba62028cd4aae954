#!/usr/bin/env bash
# otb.sh RED NIR SCL_10M OUT i16|f32: Orfeo ToolBox's BandMath on all CPUs, then a COG.
. "$(dirname "$0")/cog.sh"
red=$1 nir=$2 scl=$3 out=$4 kind=$5
tmp=$out.tmp.tif
rm -f "$tmp" "$out"
ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS=$(nproc)
export ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS
n="(im2b1*0.0001-0.1)"
r="(im1b1*0.0001-0.1)"
drop="(im1b1==0 || im2b1==0 || im3b1<=1 || im3b1==3 || (im3b1>=8 && im3b1<=10))"
if [ "$kind" = i16 ]; then
  type=int16 nodata=-32768 value="rint(($n-$r)/($n+$r)*10000)"
else
  type=float nodata=-9999 value="($n-$r)/($n+$r)"
fi
otbcli_BandMath -il "$red" "$nir" "$scl" -exp "$drop ? $nodata : $value" -ram 1024 \
  -out "$tmp?&gdal:co:TILED=YES&nodata=$nodata" $type
finish "$tmp" "$out" $nodata
