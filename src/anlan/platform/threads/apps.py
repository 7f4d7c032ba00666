from django.apps import AppConfig

from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode


class ThreadsConfig(AppConfig):
    name = "anlan.platform.threads"
    label = "threads"
    verbose_name = "事件线索"

    def ready(self) -> None:
        from anlan.platform.threads.export import ThreadRows, register_thread_rows
        from anlan.platform.threads.models import Thread

        register_thread_rows(
            ThreadRows("thread", lambda threads: Thread.objects.filter(id__in=threads).order_by("id"))
        )
        desk = (RoleCode.DUTY_OFFICER, RoleCode.DISPATCHER, RoleCode.LOCAL_BUREAU)
        divisions = (
            RoleCode.HAZCHEM_DIVISION,
            RoleCode.MINE_DIVISION,
            RoleCode.INDUSTRY_DIVISION,
            RoleCode.RELIEF_DIVISION,
            RoleCode.FIRE_DIVISION,
            RoleCode.FLOOD_DIVISION,
            RoleCode.PARK,
        )
        register_permission(
            "threads.open",
            Text("开立事件线索", "Open threads"),
            roles=(*desk, *divisions),
            services=("evaluator", "worker", "demo"),
        )
        register_permission("threads.merge", Text("归并事件线索", "Merge threads"), roles=desk)
        register_permission(
            "timelines.manage",
            Text("管理演练时间线", "Manage timelines of replays and exercises"),
            roles=(RoleCode.DISPATCHER,),
            services=("console", "demo"),
        )
