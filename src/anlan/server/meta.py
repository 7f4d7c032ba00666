"""What ``/api/meta`` answers: every screen asks for it first, so each answer is written once and known by its tag."""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from ninja import Schema
from pydantic_core import to_json

from anlan import __version__
from anlan.platform.commands import Principal
from anlan.platform.resources.meta import EnumValue, ResourceMeta, enums_of, resource_meta
from anlan.platform.resources.registry import registered
from anlan.platform.scope.models import FunctionalZone, Region, ZoneRegion

_KINDS_OF_PEOPLE = 64
"""Answers kept: one for each set of rights and places, which roles and divisions make few."""


class Place(Schema):
    """A division or a functional zone that the person sees."""

    code: str
    zh: str
    en: str


class Meta(Schema):
    """All that the screens need to draw themselves for this person."""

    version: str
    resources: list[ResourceMeta]
    enums: dict[str, list[EnumValue]]
    regions: list[Place]
    zones: list[Place]


def meta_response(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """The answer to *principal*: gzip where it is taken, and 304 to a browser that has it already."""
    written = _written(principal.permissions, *_places(principal))
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(written.zipped if zipped else written.plain, content_type="application/json")
    etag = f'"{written.tag}{"-gzip" if zipped else ""}"'
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    return get_conditional_response(request, etag=etag, response=response) or response


_Named = tuple[str, str, str]


def _places(principal: Principal) -> tuple[tuple[_Named, ...], tuple[_Named, ...]]:
    """Code and both names of the divisions and of the zones that the person sees."""
    codes = frozenset().union(*(grant.regions for grant in principal.grants))
    zones = frozenset().union(*(grant.zones for grant in principal.grants))
    overlaying = ZoneRegion.objects.filter(region_id__in=codes).values("zone_id")
    overlaid = ZoneRegion.objects.filter(zone_id__in=zones).values("region_id")
    named = Region.objects.filter(Q(code__in=codes) | Q(code__in=overlaid))
    seen = FunctionalZone.objects.filter(Q(id__in=zones) | Q(id__in=overlaying))
    return tuple((r.code, r.zh, r.en) for r in named), tuple((z.id, z.zh, z.en) for z in seen)


@dataclass(frozen=True)
class _Written:
    plain: bytes
    zipped: bytes
    tag: str


@lru_cache(maxsize=_KINDS_OF_PEOPLE)
def _written(permissions: frozenset[str], regions: tuple[_Named, ...], zones: tuple[_Named, ...]) -> _Written:
    meta = Meta(
        version=__version__,
        resources=[
            resource_meta(one, permissions) for one in registered() if one.read_permission in permissions
        ],
        enums=enums_of(registered()),
        regions=[Place(code=code, zh=zh, en=en) for code, zh, en in regions],
        zones=[Place(code=code, zh=zh, en=en) for code, zh, en in zones],
    )
    plain = to_json(meta.model_dump(), inf_nan_mode="null")
    return _Written(plain, gzip.compress(plain, mtime=0), sha256(plain).hexdigest()[:32])
