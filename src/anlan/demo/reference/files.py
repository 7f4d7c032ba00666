"""The files of reference data that ship with the demonstration."""

import csv
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any


def content(name: str) -> bytes:
    """The bytes of the file *name*."""
    return files("anlan.demo").joinpath(f"data/reference/{name}").read_bytes()


def table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    yield from csv.DictReader(content(name).decode("utf-8").splitlines())


def collection(name: str) -> list[dict[str, Any]]:
    """The features of a GeoJSON file."""
    features: list[dict[str, Any]] = json.loads(content(name))["features"]
    return features
