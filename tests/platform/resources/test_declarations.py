"""A declaration whose parts do not fit together is refused at start, with words."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from ninja import Schema
from pydantic import Field

from anlan.kernel.text import Text
from anlan.platform.resources import (
    Column,
    Filter,
    Group,
    Related,
    Resource,
    labelled,
    registered,
    registry,
    resource_named,
)
from anlan.platform.resources.registry import check_resource

WORDS = Text("试", "Test")


class Row(Schema):
    id: UUID
    name: str
    version: int
    synthetic: bool


class Form(Schema):
    name: str = labelled("名称", "Name")


class Aliased(Row):
    other: str = Field(alias="name")


def create(*, name: str) -> object:
    return name


def update(id: UUID, *, version: int, changes: Any) -> object:
    return id


@pytest.fixture
def sound() -> Resource:
    from anlan.platform.threads.models import Thread

    return Resource(
        name="test",
        plural="tests",
        title=WORDS,
        model=Thread,
        out=Row,
        columns=(Column("name", WORDS),),
        read_permission="alarms.read",
        order=("name",),
        form=Form,
        create=create,
        update=update,
        write_permission="points.write",
        synthetic="synthetic",
    )


def test_the_sound_one_passes(sound: Resource) -> None:
    check_resource(sound)


class Untitled(Row):
    note: str


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"columns": (Column("nmae", WORDS),)}, "unknown fields: nmae"),
        ({"columns": (Column("name", WORDS, kind="enum"),)}, "need their enum"),
        ({"order": ()}, "no default order"),
        ({"synthetic": "invented"}, "synthetic is not a field"),
        ({"detail_groups": (Group(WORDS, ("nowhere",)),)}, "detail groups speak of unknown fields"),
        ({"out": Untitled, "detail_groups": (Group(WORDS, ("note",)),)}, "without a title"),
        ({"out": Aliased}, "not aliases"),
        ({"write_permission": None}, "needs a form and a write permission"),
        ({"create": lambda: None}, "test: "),
        ({"update": lambda id: None}, "test: "),
        ({"handlers": {"close": create}}, "events and handlers differ: close"),
    ],
)
def test_what_does_not_fit_is_named(sound: Resource, change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        check_resource(replace(sound, **change))


def test_a_link_to_nothing_and_a_filter_that_the_other_has_not_are_named(sound: Resource) -> None:
    registered()
    for change, complaint in (
        ({"columns": (Column("name", WORDS, kind="link", link="nothing"),)}, "unknown resources: nothing"),
        ({"related": (Related("point", "colour", WORDS),)}, "point has no such filter: colour"),
        ({"filters": (Filter("x", WORDS, kind="link", link="nothing"),)}, "unknown resources: nothing"),
    ):
        with pytest.raises(ValueError, match=complaint):
            registry._check_links(replace(sound, **change))  # type: ignore[arg-type]


def test_names_are_used_once_and_nothing_is_added_after_the_routes_are_built(
    sound: Resource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_resources", dict(registry._resources))
    monkeypatch.setattr(registry, "_frozen", False)
    registry.register(sound)
    for again in (sound, replace(sound, name="other"), replace(sound, plural="others")):
        with pytest.raises(ValueError, match="registered twice"):
            registry.register(again)
    registry.freeze()
    with pytest.raises(RuntimeError, match="routes are built"):
        registry.register(replace(sound, name="late", plural="lates"))


def test_every_resource_of_the_product_speaks_both_languages_throughout() -> None:
    words: list[tuple[str, Text]] = []
    for resource in registered():
        words += [(resource.name, resource.title)]
        words += [
            (f"{resource.name}.{one.field}", one.title) for one in (*resource.columns, *resource.filters)
        ]
        words += [(resource.name, group.title) for group in resource.detail_groups]
        words += [(resource.name, related.title) for related in resource.related]
        words += [
            (f"{resource.name}.{one.event}", one.label)
            for one in (resource.actions.transitions if resource.actions else ())
        ]
    assert len(words) > 100
    for where, text in words:
        assert text.zh and text.en, where
        assert any("\u4e00" <= character <= "\u9fff" for character in text.zh), where
        assert text.en.isascii() or "’" in text.en, where
    assert resource_named("alarm").plural == "alarms"
