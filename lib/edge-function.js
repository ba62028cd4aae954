// CloudFront Functions, runtime cloudfront-js-2.0: no modules, no clock, 10 kB, under a millisecond.
// Runs before the cache at every call.

/** What a browser asks for when a person types the address; clients ask for JSON or for anything. */
function isPerson(headers) {
  var accept = headers.accept === undefined ? '' : headers.accept.value;
  return accept.indexOf('text/html') !== -1 && accept.indexOf('application/json') === -1;
}

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
function handler(event) {
  var request = event.request;
  var host = request.headers.host === undefined ? '' : request.headers.host.value;
  // People get the site at the root; STAC and openEO clients get the API's landing page as JSON.
  if (request.uri === '/' && request.method === 'GET' && isPerson(request.headers)) {
    return {
      statusCode: 302,
      statusDescription: 'Found',
      headers: {
        location: { value: '/ui/' },
        'cache-control': { value: 'no-store' },
        vary: { value: 'Accept' },
      },
    };
  }
  if (request.uri === '/ui') {
    return {
      statusCode: 301,
      statusDescription: 'Moved Permanently',
      headers: { location: { value: '/ui/' } },
    };
  }
  if (request.uri.indexOf('/ui/') === 0) {
    if (request.uri.charAt(request.uri.length - 1) === '/') request.uri += 'index.html';
    return request;
  }
  // The name the call came to: behind CloudFront, API Gateway knows its own only. Whatever a caller sent is replaced.
  request.headers['x-swath-host'] = { value: host };
  return request;
}
