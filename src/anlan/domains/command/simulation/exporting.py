"""A stored result as one file for other programs."""

from anlan.domains.command.simulation.models import Simulation
from anlan.platform.files.models import StoredFile
from anlan.platform.files.store import content_of
from anlan.science.products.exports import Format, exported


def export_of(simulation: Simulation, form: str) -> tuple[str, str, bytes]:
    """Name, media type and content; made from the stored files anew. Call it in `read_scope`. Raises `NotFound`."""
    wanted = Format(form)
    needed = ("summary.json", "zones.geojson") if not wanted.of_rasters else (".tif", "summary.json")
    ids = {one["file"]: one["name"] for one in simulation.files if one["name"].endswith(needed)}
    files = {
        ids[str(stored.id)]: content_of(stored.sha256)
        for stored in StoredFile.objects.filter(id__in=list(ids))
    }
    computed_at = simulation.computed_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    name = f"{simulation.hazard}-{simulation.input_hash[:12]}.{wanted.ending}"
    return name, wanted.media_type, exported(wanted, files, computed_at)
