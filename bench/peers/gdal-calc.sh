#!/usr/bin/env bash
# gdal-calc.sh RED NIR SCL_10M OUT i16|f32: gdal_calc.py, then a COG. In single precision, as a careful user would.
. "$(dirname "$0")/cog.sh"
red=$1 nir=$2 scl=$3 out=$4 kind=$5
tmp=$out.tmp.tif
rm -f "$tmp" "$out"
n="(N.astype(numpy.float32)*numpy.float32(1e-4)-numpy.float32(0.1))"
r="(R.astype(numpy.float32)*numpy.float32(1e-4)-numpy.float32(0.1))"
drop="((R==0)|(N==0)|(S<=1)|(S==3)|((S>=8)&(S<=10)))"
ndvi="($n-$r)/($n+$r)"
if [ "$kind" = i16 ]; then
  type=Int16 nodata=-32768
  calc="numpy.where($drop,-32768,numpy.clip(numpy.rint($ndvi*numpy.float32(10000)),-32767,32767)).astype(numpy.int16)"
else
  type=Float32 nodata=-9999
  calc="numpy.where($drop,numpy.float32(-9999),$ndvi)"
fi
gdal_calc.py --quiet --overwrite -R "$red" -N "$nir" -S "$scl" --outfile="$tmp" --type=$type \
  --NoDataValue=$nodata --hideNoData --co TILED=YES --co BIGTIFF=IF_SAFER --calc="$calc"
finish "$tmp" "$out" $nodata
