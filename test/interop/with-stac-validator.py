"""stac-api-validator without the network: with-stac-validator.py URL COLLECTION GEOMETRY SPECS CLASS...

It fetches the schemas of STAC and its extensions; here they come from SPECS (../shared/data/02-stac-spec).
Prints {"text": what it said, "fetched": how many schemas}.
"""

import io
import json
import sys
import urllib.request
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import urllib3

root, collection, geometry, specs = sys.argv[1:5]
fetched = []


def mirrored(url):
    """The schema at a URL as bytes; None for what is not in the mirror."""
    address = urlsplit(url)
    path = Path(specs) / "schema-mirror" / address.netloc / address.path.lstrip("/")
    if address.netloc == "geojson.org":
        path = Path(specs) / "eodag-schemas" / "schemas" / f"geojson-{path.name}"
    text = None
    if path.is_file():
        text = path.read_text()
    elif "/projection/v1.2.0/" in url:
        # 1.2.0 is 2.0.0 with `proj:epsg` still in it; the mirror has only the latter.
        newer = Path(str(path).replace("v1.2.0", "v2.0.0")).read_text()
        schema = json.loads(newer.replace("/projection/v2.0.0/", "/projection/v1.2.0/"))
        schema["definitions"]["fields"]["properties"]["proj:epsg"] = {"type": ["integer", "null"]}
        text = json.dumps(schema)
    elif url == "https://proj.org/schemas/v0.4/projjson.schema.json" or "/web-map-links/v1.2.0/" in url:
        # Not in the mirror. The datacube extension names the first; our cubes name their CRS by its code, never by PROJJSON.
        text = json.dumps({"$schema": "http://json-schema.org/draft-07/schema#", "$id": url, "type": "object"})
    if text is not None:
        fetched.append(url)
    return None if text is None else text.encode()


class Pool(urllib3.HTTPSConnectionPool):
    """Where the connections of requests and of PySTAC begin."""

    def urlopen(self, method, url, *args, **options):
        body = mirrored(urljoin(f"https://{self.host}/", url))
        if body is None:
            return super().urlopen(method, url, *args, **options)
        headers = {"Content-Type": "application/json"}
        return urllib3.HTTPResponse(io.BytesIO(body), headers, 200, preload_content=options.get("preload_content", True))


class Opener(urllib.request.HTTPSHandler):
    def https_open(self, request):
        body = mirrored(request.full_url)
        if body is None:
            return super().https_open(request)
        headers = {"Content-Type": "application/json"}
        answer = urllib.response.addinfourl(io.BytesIO(body), headers, request.full_url, 200)
        answer.msg = "OK"
        return answer


urllib3.poolmanager.pool_classes_by_scheme["https"] = Pool
urllib.request.install_opener(urllib.request.build_opener(Opener))

from stac_api_validator.__main__ import main  # noqa: E402

args = ["--root-url", root, "--collection", collection, "--geometry", geometry]
args += ["--fields-nested-property", "properties.eo:cloud_cover"]
for name in sys.argv[5:]:
    args += ["--conformance", name]
said = io.StringIO()
code = 0
with redirect_stdout(said), redirect_stderr(said):
    try:
        main(args, standalone_mode=False)
    except SystemExit as end:
        code = end.code
print(json.dumps({"code": code, "text": said.getvalue(), "fetched": len(set(fetched))}))
