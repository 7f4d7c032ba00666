"""What every engine's simulation comes to, and the files that it becomes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import anlan
from anlan.kernel.fields import Contour, Field
from anlan.kernel.models import Manifest, ModelCard, canonical_json
from anlan.kernel.text import Text
from anlan.science.products.extent import area_m2, farthest_m
from anlan.science.products.geojson import collection
from anlan.science.products.geotiff import geotiff
from anlan.science.products.preview import preview
from anlan.science.products.texture import texture

SCHEMA = 1
Step = Callable[[float, Text], None]
"""Called with the share done (0 to 1) and what is being done; raises to stop the run."""


def no_report(share: float, words: Text) -> None:
    """A `Step` that tells nobody."""


@dataclass(frozen=True)
class Zone:
    """An outline in longitude and latitude with where its level is written and how sure that is.

    *group* names the harm it belongs to (``toxic``, ``radiation``, ``probability`` ...); within
    a group the gravest comes first.
    """

    contour: Contour
    group: str
    source: str = ""
    certainty: str = ""


@dataclass(frozen=True)
class Outcome:
    """The result of one simulation at a place.

    *inputs* are the parameters with every default filled in, *input_hash* that of what decides the result; *models* are
    the cards of all models that took part, *more* what an engine adds to its summary.
    """

    hazard: str
    kind: str
    name: Text
    site: tuple[float, float]
    inputs: Mapping[str, Any]
    input_hash: str
    zones: tuple[Zone, ...]
    fields: tuple[Field, ...]
    figures: Mapping[str, float]
    manifest: Manifest
    models: tuple[ModelCard, ...]
    more: Mapping[str, Any] = field(default_factory=dict)

    def summary(self) -> dict[str, Any]:
        """JSON values: everything but the rasters and the outlines' points."""
        return {
            "schema": SCHEMA,
            "hazard": self.hazard,
            "kind": self.kind,
            "name": _both(self.name),
            "site": {"lon": self.site[0], "lat": self.site[1], "crs": "EPSG:4326"},
            "software": {"name": "anlan", "version": anlan.__version__},
            "input_hash": self.input_hash,
            "inputs": self.inputs,
            "figures": self.figures,
            "zones": [self._zone(zone) for zone in self.zones],
            "rasters": [
                {"file": f"{one.name}.tif", "name": one.name, "unit": one.unit, "label": _both(one.label)}
                for one in self.fields
            ],
            **self.more,
            "models": [_model(card) for card in self.models],
            "manifest": self.manifest.as_json(),
        }

    def _zone(self, zone: Zone) -> dict[str, Any]:
        contour = zone.contour
        return {
            "name": contour.name,
            "group": zone.group,
            "level": contour.level,
            "unit": contour.unit,
            "label": _both(contour.label),
            "source": zone.source,
            "certainty": zone.certainty,
            "reached": not contour.is_empty,
            "farthest_m": round(farthest_m(contour, self.site), 1),
            "area_m2": round(area_m2(contour)),
            "facts": contour.facts,
        }


def input_hash(hazard: str, engine_version: str, inputs: Mapping[str, Any]) -> str:
    """SHA-256 of what decides a result: hazard, versions of software and engine, inputs but for their name."""
    said = {key: value for key, value in inputs.items() if key not in ("name", "note")}
    return sha256(canonical_json([hazard, engine_version, anlan.__version__, said])).hexdigest()


def product_files(made: Outcome, times: Mapping[str, Any] | None = None) -> dict[str, bytes]:
    """File name → content. Only ``summary.json`` holds *times*; all else depends on the inputs alone."""
    tags = {
        "input_hash": made.input_hash,
        "model": made.manifest.model,
        "software": f"anlan {anlan.__version__}",
    }
    files = {f"{one.name}.tif": geotiff(one, tags) for one in made.fields}
    textures = {}
    for one in made.fields:
        files[f"{one.name}.png"], textures[one.name] = texture(one)
    files["zones.geojson"] = collection(made.zones, made.site, made.input_hash)
    files["preview.png"] = preview(made.zones, made.site)
    listed = [
        {"name": name, "bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    ]
    summary = made.summary() | {"files": listed, "times": dict(times or {})}
    for raster in summary["rasters"]:
        raster["texture"] = {"file": f"{raster['name']}.png", **textures[raster["name"]]}
    text = json.dumps(summary, ensure_ascii=False, indent=1, allow_nan=False, default=_plain)
    files["summary.json"] = text.encode() + b"\n"
    return files


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _model(card: ModelCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "version": card.version,
        "title": _both(card.title),
        "applicability": _both(card.applicability),
        "verification": card.verification.value,
        "suite": card.suite,
        "references": list(card.references),
    }


def _plain(value: object) -> object:
    return json.loads(canonical_json(value))
