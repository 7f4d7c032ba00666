"""Suites of validation and evaluation cases: found, run, printed, written into the docs."""

import json
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import anlan
from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.kernel.validation import Case


@dataclass(frozen=True)
class Report:
    """One suite's cases, as run."""

    name: str
    cases: Sequence[Case]

    @property
    def passed(self) -> bool:
        return all(case.passed for case in self.cases if case.gates)

    def as_json(self) -> dict[str, object]:
        return {"name": self.name, "cases": [case.as_json() for case in self.cases]}


def find_suites(package: str, roots: Sequence[str]) -> dict[str, str]:
    """Modules called *package* below ``anlan.ROOT``, by their ``NAME``."""
    found = {}
    for root in roots:
        base = import_module(f"anlan.{root}")
        for module in pkgutil.walk_packages(base.__path__, f"anlan.{root}."):
            if module.name.rpartition(".")[2] == package:
                found[str(import_module(module.name).NAME)] = module.name
    return dict(sorted(found.items()))


def run_suites(
    suites: dict[str, str], wanted: str, inputs: Mapping[str, bytes] | None = None
) -> list[Report]:
    """Run the suite *wanted*, or every one for ``all``; *inputs* are files that a suite is given, by its name."""
    if wanted != "all" and wanted not in suites:
        known = ", ".join(suites) or "-"
        raise NotFound(
            Text(f"没有名为 {wanted} 的项目", f"There is no suite called {wanted}"),
            next_step=Text(f"现有：{known}", f"There are: {known}"),
        )
    names = list(suites) if wanted == "all" else [wanted]
    given = inputs or {}
    return [
        Report(name, list(import_module(suites[name]).cases(*(given[name],) if name in given else ())))
        for name in names
    ]


def print_reports(reports: Iterable[Report], *, as_json: bool, single: bool) -> int:
    """Print; exit status 1 when a gating case failed."""
    reports = list(reports)
    if as_json:
        said: object = reports[0].as_json() if single else [report.as_json() for report in reports]
        print(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        for report in reports:
            print(f"{report.name}: {sum(c.passed for c in report.cases)}/{len(report.cases)}")
            for case in report.cases:
                print(
                    f"  {_mark(case)} {case.case}: {case.ours:.6g} / {case.target:.6g} ± {case.tolerance:g} "
                    f"{case.unit} [{case.certainty.value}] {case.source} {case.note}".rstrip()
                )
    return 0 if all(report.passed for report in reports) else 1


def write_report(reports: Sequence[Report], path: Path) -> None:
    """The validation report of the docs, in Markdown."""
    lines = [
        "# Validation report",
        "",
        f"Written by `anlan validate all`, version {anlan.__version__}. A row gates when its target has a source; "
        "rows that do not gate are shown for information.",
    ]
    for report in reports:
        lines += [
            "",
            f"## {report.name}",
            "",
            "| case | ours | target | tolerance | unit | certainty | gates | pass | source |",
            "| --- | ---: | ---: | ---: | --- | --- | --- | --- | --- |",
            *(_row(case) for case in report.cases),
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def _mark(case: Case) -> str:
    if not case.was_run:
        return "-   "
    return "ok  " if case.passed else ("FAIL" if case.gates else "off ")


def _row(case: Case) -> str:
    passed = "yes" if case.passed else ("**no**" if case.was_run else case.note)
    marks = f"{'yes' if case.gates else 'no'} | {passed}"
    return (
        f"| {case.case} | {case.ours:.6g} | {case.target:.6g} | {case.tolerance:g} | {case.unit} "
        f"| {case.certainty.value} | {marks} | {case.source} |"
    )
