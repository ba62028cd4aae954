"""What QGIS makes of a running API: qgis.py URL FOLDER. Prints one JSON object; map.png in FOLDER is the picture."""

import json
import os
import sys
from urllib.parse import quote
from urllib.request import Request, urlopen

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import (  # noqa: E402
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsCoordinateTransform,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402

root, folder = sys.argv[1:3]
app = QgsApplication([], False)
app.initQgis()
MERCATOR = QgsCoordinateReferenceSystem("EPSG:3857")


def read(url):
    with urlopen(url) as answer:
        return json.load(answer)


def rendered(layers, extent, name=None, size=(400, 300)):
    """The picture of some layers in Web Mercator, as [distinct colours, share of pixels that are not background]."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(MERCATOR)
    settings.setBackgroundColor(QColor(255, 255, 255))
    settings.setOutputSize(QSize(*size))
    settings.setExtent(extent)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    if name is not None:
        image.save(os.path.join(folder, name))
    colours = [image.pixel(x, y) & 0xFFFFFF for x in range(0, size[0], 4) for y in range(0, size[1], 4)]
    drawn = sum(colour != 0xFFFFFF for colour in colours)
    return {"colours": len(set(colours)), "drawn": drawn / len(colours), "errors": [e.message for e in job.errors()]}


def in_mercator(layer):
    return QgsCoordinateTransform(layer.crs(), MERCATOR, QgsProject.instance()).transformBoundingBox(layer.extent())


item = read(f"{root}/search?ids={sys.argv[3]}")["features"][0]
key, label = item["assets"]["data"]["href"].split("/results/")[1].split("/")[:2]
tiles = read(f"{root}/tiles/{key}/{label}/tilejson.json")

cog = QgsRasterLayer(f"/vsicurl/{item['assets']['data']['href']}", "COG", "gdal")
centre = cog.extent().center()
value, has_value = cog.dataProvider().sample(QgsPointXY(centre.x(), centre.y()), 1)
extent = in_mercator(cog)

template = quote(tiles["tiles"][0], safe=":/{}")
xyz = QgsRasterLayer(f"type=xyz&url={quote(template)}&zmin={tiles['minzoom']}&zmax={tiles['maxzoom']}", "XYZ", "wms")

# As a project in a deployment has it, where QGIS is to send no header.
asked = Request(
    f"{root}/tiles/{key}/links",
    data=json.dumps({"label": label}).encode(),
    headers={"Content-Type": "application/json"},
)
by_link = read(asked)["tiles"]
linked = QgsRasterLayer(
    f"type=xyz&url={quote(by_link)}&zmin={tiles['minzoom']}&zmax={tiles['maxzoom']}", "By link", "wms"
)

capabilities = quote(f"{root}/tiles/{key}/wmts?service=WMTS&request=GetCapabilities")
wmts = QgsRasterLayer(
    f"crs=EPSG:3857&format=image/png&layers={label}&styles=default&tileMatrixSet=WebMercatorQuad&url={capabilities}",
    "WMTS",
    "wms",
)

features = QgsVectorLayer(f"url='{root}' typename='results'", "Results", "OAPIF")
rows = list(features.getFeatures())
features.setOpacity(0.15)

print(
    json.dumps(
        {
            "version": Qgis.QGIS_VERSION,
            "cog": {
                "valid": cog.isValid(),
                "crs": cog.crs().authid(),
                "size": [cog.width(), cog.height()],
                "value": value if has_value else None,
                "nodata": cog.dataProvider().sourceHasNoDataValue(1),
                **rendered([cog], extent),
            },
            "xyz": {"valid": xyz.isValid(), **rendered([xyz], extent)},
            "linked": {"valid": linked.isValid(), **rendered([linked], extent)},
            "wmts": {"valid": wmts.isValid(), "layers": wmts.name(), **rendered([wmts], extent)},
            "features": {
                "valid": features.isValid(),
                "crs": features.crs().authid(),
                "count": len(rows),
                "fields": [field.name() for field in features.fields()],
                "areas": all(not row.geometry().isEmpty() for row in rows),
                **rendered([features], extent),
            },
            "map": rendered([features, wmts], extent, "map.png", (640, 480)),
        }
    )
)
# Without the interpreter's tear-down, in which QGIS 3.22 crashes now and then: layers go after what they live in.
sys.stdout.flush()
os._exit(0)
