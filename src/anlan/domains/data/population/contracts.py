"""What other apps may know about population."""

from dataclasses import dataclass
from datetime import datetime

from anlan.kernel.models import Manifest
from anlan.science.exposure import PeopleEstimate


@dataclass(frozen=True)
class PeopleInside:
    """People in an area with the manifest; *estimate* is None where no population data are loaded."""

    estimate: PeopleEstimate | None
    manifest: Manifest | None
    source: str
    method: str
    data_time: datetime | None
