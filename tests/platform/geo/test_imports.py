"""Roads, settlements and sites from files: the layers that an impact is listed by."""

import json
from typing import Any

from shapely.geometry import box
from tests.people import LINGWU, YANCHI, as_service
from tests.server.conftest import browser_of, new_person
from tests.server.world import PLACES as COUNTIES


def send(browser: Any, target: str, name: str, content: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile(name, content.encode())
    said = {"system": "wgs84", "source": "试验", "file": file}
    answer = browser.post(f"/api/map/imports/{target}", said)
    assert answer.status_code == 200, answer.content
    return answer.json()


def collection(*shapes: tuple[str, str, Any]) -> str:
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": kind, "coordinates": at}}
        for name, kind, at in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_a_file_of_roads_replaces_the_layer_and_leaves_out_what_is_no_line(db: Any) -> None:
    from anlan.platform.commands import read_scope
    from anlan.platform.geo.queries import features_inside
    from anlan.platform.geo.reference import ROADS

    keeper = browser_of(new_person("geo", "science_division", "640000"))
    line = [[106.3, 38.1], [106.4, 38.1]]
    around = box(106.29, 38.09, 106.41, 38.11)
    with as_service("demo"), read_scope():
        assert features_inside(ROADS, around) is None, "nothing is loaded yet"
    roads = collection(("国道 307", "LineString", line), ("点", "Point", [106.3, 38.1]))
    said = send(keeper, "roads", "roads.geojson", roads)
    assert (said["usable"], said["rejected"]) == (1, 1)
    with as_service("demo"), read_scope():
        assert [one.name for one in features_inside(ROADS, around) or []] == ["国道 307"]
        assert features_inside(ROADS, box(105.0, 37.0, 105.1, 37.1)) == [], "loaded, and none here"


def test_sites_come_from_a_table_and_another_countys_row_is_refused(db: Any) -> None:
    from anlan.domains.monitoring.hazards.models import Site
    from anlan.platform.commands import read_scope

    officer = browser_of(new_person("sites", "local_bureau", LINGWU))
    (lon, lat), (lon2, lat2) = COUNTIES[LINGWU], COUNTIES[YANCHI]
    rows = [
        "code,name,kind,persons,region,lon,lat",
        f"S-1,第一小学,学校,420,{LINGWU},{lon},{lat}",
        f"S-2,医院,hospital,,{LINGWU},{lon},{lat}",
        f"S-3,某处,城堡,,{LINGWU},{lon},{lat}",
        f"S-4,邻县学校,学校,10,{YANCHI},{lon2},{lat2}",
        f"S-5,村,村庄（居民点）,-3,{LINGWU},{lon},{lat}",
    ]
    said = send(officer, "sites", "sites.csv", "\n".join(rows))
    assert said["rejected"] == 3
    with as_service("demo"), read_scope():
        stored = {row.code: (row.kind, row.persons, row.source) for row in Site.objects.all()}
    assert stored == {"S-1": ("school", 420, "试验"), "S-2": ("hospital", None, "试验")}
