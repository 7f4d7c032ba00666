"""Enterprises and process units on the generic screens."""

from uuid import UUID

from ninja import Schema

from anlan.domains.monitoring.enterprises import permissions
from anlan.domains.monitoring.enterprises.services import (
    create_enterprise,
    create_process_unit,
    update_enterprise,
    update_process_unit,
)
from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Group, Related, Resource, labelled, register
from anlan.platform.resources.common import REGION_FILTER, SORTED_REGION, SYNTHETIC


class EnterpriseOut(Schema):
    """An enterprise as a row and as a detail."""

    id: UUID
    code: str
    name: str
    short_name: str
    region: str
    zone: str | None = labelled("功能区", "Functional zone", widget="zone")
    address: str = labelled("地址", "Address")
    kind: EnterpriseKind
    synthetic: bool
    source: str = labelled("数据来源", "Source of the record")
    version: int


class EnterpriseEdit(Schema):
    """What may be changed later."""

    name: str = labelled("企业名称", "Name", min_length=2, max_length=120)
    short_name: str = labelled("简称", "Short name", default="", max_length=40)
    kind: EnterpriseKind = labelled("行业类别", "Trade")
    address: str = labelled("地址", "Address", default="", max_length=200)
    source: str = labelled("数据来源", "Source of the record", default="", max_length=200)


class EnterpriseForm(EnterpriseEdit):
    """What recording an enterprise needs."""

    code: str = labelled(
        "统一社会信用代码",
        "Unified social credit code",
        min_length=18,
        max_length=18,
        help=Text("18 位，含校验码（GB 32100-2015）", "18 characters with check digit (GB 32100-2015)"),
    )
    region: str = labelled("行政区划", "Region", widget="region", min_length=6, max_length=6)
    zone: str | None = labelled("功能区", "Functional zone", default=None, widget="zone")


class ProcessUnitOut(Schema):
    """A process unit as a row and as a detail."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: str
    code: str
    name: str
    kind: ProcessUnitKind
    region: str
    zone: str | None
    synthetic: bool
    version: int

    @staticmethod
    def resolve_enterprise_name(unit: object) -> str:
        """The name of the unit's enterprise."""
        return str(getattr(unit, "enterprise").name)  # noqa: B009


class ProcessUnitEdit(Schema):
    """What may be changed later."""

    name: str = labelled("单元名称", "Name", min_length=1, max_length=120)
    kind: ProcessUnitKind = labelled("单元类型", "Kind")


class ProcessUnitForm(ProcessUnitEdit):
    """What recording a process unit needs."""

    enterprise_id: UUID = labelled("企业", "Enterprise", link="enterprise")
    code: str = labelled("单元编号", "Code", min_length=1, max_length=40)


def register_all() -> None:
    """Declare permissions and resources of this app."""
    permissions.register_all()
    register(_enterprises())
    register(_process_units())


def _enterprises() -> Resource:
    from anlan.domains.monitoring.enterprises.models import Enterprise

    return Resource(
        name="enterprise",
        plural="enterprises",
        title=Text("企业", "Enterprises"),
        model=Enterprise,
        out=EnterpriseOut,
        icon="factory",
        synthetic="synthetic",
        read_permission=permissions.READ,
        write_permission=permissions.WRITE,
        order=("name", "id"),
        columns=(
            Column("short_name", Text("简称", "Short name"), width=160, sortable=True),
            Column("name", Text("企业名称", "Name"), sortable=True),
            Column("code", Text("统一社会信用代码", "Credit code"), width=190),
            Column("kind", Text("行业类别", "Trade"), kind="enum", enum=EnterpriseKind, width=130),
            SORTED_REGION,
            SYNTHETIC,
        ),
        filters=(
            REGION_FILTER,
            Filter("kind", Text("行业类别", "Trade"), kind="enum", enum=EnterpriseKind),
            Filter("synthetic", Text("合成数据", "Synthetic"), kind="bool"),
        ),
        search=("name", "short_name", "code", "address"),
        detail_groups=(
            Group(Text("基本信息", "Basics"), ("name", "short_name", "code", "kind")),
            Group(Text("位置", "Place"), ("region", "zone", "address")),
            Group(Text("数据说明", "About the record"), ("synthetic", "source")),
        ),
        related=(
            Related("process_unit", "enterprise_id", Text("工艺单元", "Process units")),
            Related("point", "enterprise_id", Text("监测点", "Points")),
            Related("alarm", "enterprise_id", Text("报警", "Alarms")),
        ),
        form=EnterpriseForm,
        edit_form=EnterpriseEdit,
        create=create_enterprise,
        update=update_enterprise,
    )


def _process_units() -> Resource:
    from anlan.domains.monitoring.enterprises.models import ProcessUnit

    return Resource(
        name="process_unit",
        plural="process-units",
        title=Text("工艺单元", "Process units"),
        model=ProcessUnit,
        queryset=lambda: ProcessUnit.objects.select_related("enterprise"),
        out=ProcessUnitOut,
        icon="unit",
        synthetic="synthetic",
        read_permission=permissions.READ,
        write_permission=permissions.WRITE,
        order=("enterprise__name", "code"),
        columns=(
            Column("code", Text("单元编号", "Code"), width=140, sortable=True),
            Column("name", Text("单元名称", "Name"), sortable=True),
            Column("kind", Text("单元类型", "Kind"), kind="enum", enum=ProcessUnitKind, width=120),
            Column(
                "enterprise_name",
                Text("企业", "Enterprise"),
                kind="link",
                link="enterprise",
                link_id="enterprise_id",
            ),
            SORTED_REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise"),
            REGION_FILTER,
            Filter("kind", Text("单元类型", "Kind"), kind="enum", enum=ProcessUnitKind),
        ),
        search=("name", "code", "enterprise__name"),
        related=(Related("point", "process_unit_id", Text("监测点", "Points")),),
        form=ProcessUnitForm,
        edit_form=ProcessUnitEdit,
        create=create_process_unit,
        update=update_process_unit,
    )
