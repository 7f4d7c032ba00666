"""Runs on the generic screens, and what the manifest drawer reads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from anlan.kernel.models import Verification
from anlan.kernel.text import Text
from anlan.platform.provenance import permissions
from anlan.platform.resources import Column, Filter, Group, Resource, labelled, register
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC


class RunOut(Schema):
    """A run as a row."""

    id: UUID
    thread: UUID | None
    purpose: str
    subject_kind: str
    subject_id: UUID
    model: str
    model_version: str
    verification: Verification
    digest: str = labelled("输入摘要（SHA-256）", "Digest of the inputs (SHA-256)")
    computed_at: datetime
    valid_at: datetime
    region: str
    zone: str | None
    exercise: bool
    synthetic: bool
    superseded: bool

    @staticmethod
    def resolve_superseded(run: object) -> bool:
        """Whether a later run took this one's place."""
        return run.superseded_by_id is not None  # type: ignore[attr-defined]


class RunDetail(RunOut):
    """A run with all that it says of itself."""

    software_version: str = labelled("软件版本", "Software version")
    elapsed_ms: float | None = labelled("用时", "Time taken", unit="ms")
    superseded_by_id: UUID | None
    manifest: dict[str, Any]
    result: dict[str, Any]


def register_all() -> None:
    """Declare permissions and the resource."""
    from anlan.platform.provenance.models import Run

    permissions.register_all()
    register(
        Resource(
            name="run",
            plural="runs",
            title=Text("计算记录", "Runs of models"),
            model=Run,
            out=RunOut,
            detail=RunDetail,
            icon="run",
            group=Text("标准与参数", "Standards"),
            synthetic="synthetic",
            read_permission=permissions.READ,
            order=("-computed_at", "id"),
            columns=(
                Column("model", Text("模型", "Model"), sortable=True),
                Column("model_version", Text("模型版本", "Version"), width=90),
                Column(
                    "verification",
                    Text("验证状态", "Verification"),
                    kind="enum",
                    enum=Verification,
                    width=200,
                ),
                Column("purpose", Text("用途", "Purpose"), width=140),
                Column("computed_at", Text("计算时间", "Computed"), kind="time", width=170, sortable=True),
                Column("valid_at", Text("数据时间", "Data time"), kind="time", width=170, sortable=True),
                REGION,
                Column("superseded", Text("已被更新", "Superseded"), kind="bool", width=90),
                Column("exercise", Text("演练", "Exercise"), kind="bool", width=80),
                SYNTHETIC,
            ),
            filters=(
                REGION_FILTER,
                Filter("subject_id", Text("对象", "Subject"), kind="link"),
                Filter("thread", Text("线索", "Thread"), kind="link"),
                Filter("computed_at", Text("计算时间", "Computed"), kind="time"),
            ),
            search=("model", "digest"),
            detail_groups=(
                Group(
                    Text("模型", "Model"),
                    ("model", "model_version", "software_version", "verification", "digest"),
                ),
                Group(Text("时间", "Times"), ("computed_at", "valid_at", "elapsed_ms")),
                Group(Text("范围", "Place"), ("region", "exercise", "synthetic", "superseded")),
            ),
        )
    )
