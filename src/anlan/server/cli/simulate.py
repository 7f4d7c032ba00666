"""``anlan simulate HAZARD params.json -o DIR``: a run without any server, from a file to a folder of files.

``anlan simulate pack NAME -o DIR`` runs the scenarios of a pack, each into a folder of its own.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_json
from anlan.server.supervisor.compiled import keep_compiled_kernels
from anlan.server.supervisor.console import say

if TYPE_CHECKING:
    from anlan.science.products.exports import Format

PACK = "pack"
_BAR = 24
_EXPORTS = ("geopackage", "netcdf")


def add_parser(commands: Commands) -> None:
    from anlan.science.simulators import hazards

    parser = add_command(
        commands, "simulate", Text("灾害模拟（不需要启动系统）", "simulate an accident, without a server")
    )
    parser.add_argument("hazard", choices=(*hazards(), PACK))
    parser.add_argument(
        "params",
        nargs="?",
        type=Path,
        help=say(Text("参数文件 (JSON)，或情景包名称", "parameters (JSON), or the name of a pack")),
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="DIR", help=say(Text("结果目录", "folder of results"))
    )
    parser.add_argument("--case", metavar="NAME", help=say(Text("内置算例", "a worked case")))
    parser.add_argument(
        "--list-cases", action="store_true", help=say(Text("列出内置算例", "list the worked cases"))
    )
    parser.add_argument(
        "--print-case", action="store_true", help=say(Text("输出算例的参数文件", "print a case's file"))
    )
    parser.add_argument(
        "--schema", action="store_true", help=say(Text("输出参数的 JSON Schema", "print the JSON Schema"))
    )
    parser.add_argument(
        "--overwrite", action="store_true", help=say(Text("替换已有的结果目录", "replace the folder"))
    )
    parser.add_argument(
        "--terrain",
        type=Path,
        metavar="FILE",
        help=say(Text("情景包采用的自有地形", "a terrain of your own for a pack")),
    )
    parser.add_argument(
        "--export",
        action="append",
        default=[],
        choices=_EXPORTS,
        help=say(Text("另存为 GeoPackage 或 NetCDF", "write this format too")),
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    keep_compiled_kernels()
    if options.hazard == PACK:
        from anlan.server.cli.packs import run_pack

        return run_pack(options)
    from anlan.science.simulators import simulator

    engine = simulator(options.hazard)
    if options.list_cases:
        return _list(options.hazard, options.json)
    if options.schema:
        import msgspec

        print(json.dumps(msgspec.json.schema(engine.Params), ensure_ascii=False, indent=2))
        return 0
    content = _content(options, engine.case_content)
    if options.print_case:
        sys.stdout.write(content.decode())
        return 0
    if options.output is None:
        raise Invalid(
            Text("缺少结果目录", "No folder for the results"),
            next_step=Text("请用 -o 指明", "Name it with -o"),
        )
    return _simulate(options, content)


def _simulate(options: argparse.Namespace, content: bytes) -> int:
    beside = Path() if options.params is None else options.params.parent
    with new_folder(options.output, overwrite=options.overwrite) as folder:
        summary = written(options.hazard, content, beside, folder, formats(options.export))
    if options.json:
        sys.stdout.write(summary.decode())
    else:
        _tell(json.loads(summary), options.output)
    return 0


def written(
    hazard: str, content: bytes, beside: Path, folder: Path, exports: Collection["Format"] = ()
) -> bytes:
    """Run the parameters *content*, whose files lie *beside*, into *folder*; the summary."""
    from anlan.science.products import product_files
    from anlan.science.products.exports import exported
    from anlan.science.simulators import files_of, simulated, simulator

    engine = simulator(hazard)
    asked = engine.read(content)
    given = {name: _read(beside / name) for name in files_of(engine, asked)}
    began = time.perf_counter()
    with _Progress() as progress:
        made = simulated(engine, asked, progress.report, given)
    times = {"computed_at": clock.now().isoformat(), "elapsed_s": round(time.perf_counter() - began, 3)}
    files = product_files(made, times)
    more = {f"result.{form.ending}": exported(form, files) for form in exports}
    for name, body in (files | more).items():
        (folder / name).write_bytes(body)
    return files["summary.json"]


def formats(names: Collection[str]) -> tuple["Format", ...]:
    """The formats of ``--export``, each once."""
    from anlan.science.products.exports import Format

    return tuple(Format(name) for name in dict.fromkeys(names))


@contextmanager
def new_folder(target: Path, *, overwrite: bool) -> Iterator[Path]:
    """A folder beside *target* that takes its name when the block ends well, and is gone when it does not.

    Raises `Conflict` when *target* holds anything and may not be replaced, or is no folder.
    """
    try:
        there = target.exists()
    except OSError as problem:
        raise _unwritable(target, problem) from None
    if there and not target.is_dir():
        raise Conflict(Text(f"{target} 不是目录", f"{target} is not a folder"), next_step=_ELSEWHERE)
    if target.is_dir() and any(target.iterdir()) and not overwrite:
        raise Conflict(
            Text(f"结果目录 {target} 不为空", f"The folder {target} is not empty"),
            next_step=Text("请换一个目录，或加 --overwrite", "Name another, or add --overwrite"),
        )
    part = _part_beside(target)
    try:
        yield part
        part.chmod(0o755)
        _take_place(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


_ELSEWHERE = Text("请换一个可写的目录", "Name a folder that can be written")


def _part_beside(target: Path) -> Path:
    """A new hidden folder beside *target*. Raises `Conflict` where none can be made."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}-", dir=target.parent))
    except OSError as problem:
        raise _unwritable(target, problem) from None


def _unwritable(target: Path, problem: OSError) -> Conflict:
    return Conflict(
        Text(f"无法写入结果目录 {target}", f"The folder {target} cannot be written"),
        next_step=_ELSEWHERE,
        facts={"problem": problem.strerror},
    )


def _take_place(part: Path, target: Path) -> None:
    """Rename; an older folder steps aside first and is put back if the new one cannot take its place."""
    if not target.is_dir():
        part.rename(target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    target.replace(aside)
    try:
        part.rename(target)
    except BaseException:
        aside.replace(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


class _Progress:
    """A bar on a terminal, a line for each step elsewhere; on the error stream, apart from the results."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._said = ""

    def __enter__(self) -> "_Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._live and self._said:
            print(file=self._stream)

    def report(self, share: float, words: Text) -> None:
        said = say(words)
        if self._live:
            done = round(_BAR * share)
            print(
                f"\r\x1b[K  [{'#' * done}{' ' * (_BAR - done)}] {share:4.0%} {said}",
                end="",
                file=self._stream,
            )
        elif said != self._said:
            print(f"  {share:4.0%} {said}", file=self._stream)
        self._stream.flush()
        self._said = said


def _content(options: argparse.Namespace, case_content: Callable[[str], bytes]) -> bytes:
    if (options.params is None) == (options.case is None):
        raise Invalid(
            Text("请给出参数文件，或用 --case 指明算例", "Give a file of parameters, or a case with --case"),
            next_step=Text("--list-cases 列出算例", "--list-cases lists the cases"),
        )
    if options.case is not None:
        return case_content(options.case)
    return _read(options.params)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Invalid(
            Text(f"无法读取 {path}", f"{path} cannot be read"), facts={"problem": problem.strerror}
        ) from None


def _list(hazard: str, as_json: bool) -> int:
    from anlan.science.simulators import simulator

    engine = simulator(hazard)
    cases = {name: json.loads(engine.case_content(name)) for name in engine.case_names()}
    if as_json:
        print(json.dumps({name: said["name"] for name, said in cases.items()}, ensure_ascii=False, indent=2))
        return 0
    wide = max(map(len, cases))
    for name, said in cases.items():
        print(f"  {name:<{wide}}  {say(Text(said['name']['zh'], said['name']['en']))}")
    return 0


def _tell(summary: dict[str, Any], folder: Path) -> None:
    """The zones and the reservations, as a person reads them."""
    language = say(Text("zh", "en"))
    for zone in summary["zones"]:
        reach = f"{zone['farthest_m']:,.0f} m" if zone["reached"] else say(Text("未达到", "not reached"))
        area = f"{zone['area_m2'] / 1e6:,.3g} km²" if zone["reached"] else ""
        print(f"  {reach:>12}  {area:>12}  {zone['label'][language]}")
    for caveat in summary["manifest"]["caveats"]:
        print(f"  ! {caveat[language]}")
    print(f"→ {folder}")
