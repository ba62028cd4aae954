/**
 * Whether a URL lies within a list of places. An entry is a host (`example.com`), a host with its port, all names below one
 * (`.example.com`, which does not hold `example.com` itself), or a bucket (`s3://name`, in virtual-hosted or path style of any
 * region's endpoint). Whole labels are compared: `example.com` does not let `example.com.evil.test` or `notexample.com` in.
 */
export function isListed(url: URL, places: readonly string[]): boolean {
  const host = bareHost(url);
  return places.some((entry) => {
    const place = entry.toLowerCase();
    if (place.startsWith('s3://')) return isInBucket(url, host, place.slice('s3://'.length));
    if (place.startsWith('.')) return host.length > place.length && host.endsWith(place);
    return place === host || place === url.host.toLowerCase();
  });
}

/** The host in lower case without brackets and without the dot of a fully qualified name. */
export function bareHost(url: URL): string {
  return url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

/** Endpoints of S3 as AWS names them: s3, s3.<region>, s3.dualstack.<region>, s3-<region>. */
const endpoint = /^s3(\.dualstack)?([.-][a-z]{2}(-[a-z]+)+-\d)?\.amazonaws\.com(\.cn)?$/;

function isInBucket(url: URL, host: string, bucket: string): boolean {
  if (host.startsWith(`${bucket}.`)) return endpoint.test(host.slice(bucket.length + 1));
  return endpoint.test(host) && url.pathname.startsWith(`/${bucket}/`);
}
