"""The run itself: an earthquake in, isoseismal lines, intensity and acceleration out."""

from dataclasses import replace

from anlan.kernel.errors import Problem
from anlan.kernel.fields import Contour
from anlan.kernel.text import NO_WORDS, Text
from anlan.science.params import plain_params, read_params, refused_at
from anlan.science.products import Outcome, Step, Zone, no_report
from anlan.science.products.result import input_hash
from anlan.science.seismic.attenuation import intensity_set
from anlan.science.seismic.scenario import CARD, Scenario, SeismicResult, run
from anlan.science.seismic.simulation.params import Params

ENGINE = f"seismic-simulation/1, {CARD.id}/{CARD.version}"


def read(content: bytes) -> Params:
    """The parameters of a file. Raises `Invalid` with the path of the field that is wrong."""
    return read_params(content, Params)


def hash_of(asked: Params) -> str:
    """By what a result is stored: the same for the same question to the same software."""
    return input_hash("seismic", ENGINE, plain_params(asked))


def check(asked: Params) -> None:
    """Refuse at once what a run would refuse before it computes."""
    one = asked.earthquake
    if one.line_source and one.strike_deg is None:
        raise refused_at(
            "$.earthquake.strike_deg", Text("线源需给出断层走向", "a line source needs its strike")
        )
    if one.zone_set is not None:
        try:
            intensity_set(one.zone_set)
        except Problem as problem:
            raise refused_at("$.earthquake.zone_set", problem.title) from problem


def simulate(asked: Params, report: Step = no_report) -> Outcome:
    """Lines and rasters of *asked*. Raises `Invalid`."""
    report(0.0, Text("选取衰减关系", "choosing the relation"))
    check(asked)
    report(0.1, Text("计算烈度与加速度", "computing intensity and acceleration"))
    made = run(scenario_of(asked))
    report(1.0, Text("完成", "done"))
    return _outcome(asked, made)


def scenario_of(asked: Params) -> Scenario:
    """The earthquake as the engine takes it."""
    one = asked.earthquake
    return Scenario(
        one.event_id,
        one.magnitude,
        one.lon,
        one.lat,
        one.depth_km,
        one.time,
        one.strike_deg,
        one.mechanism,
        one.report,
        one.line_source,
        one.zone_set,
        one.relation,
        one.vs30_m_s,
    )


def _outcome(asked: Params, made: SeismicResult) -> Outcome:
    plain, one = plain_params(asked), asked.earthquake
    inputs = {key: value for key, value in plain.items() if key not in ("name", "note")}
    figures = {"peak_intensity": made.peak_intensity, "magnitude": one.magnitude, "depth_km": one.depth_km}
    said = made.as_json()
    more = {
        name: said[name] for name in ("set", "zone", "shape", "strike_deg", "peak_degree", "envelope_set")
    }
    return Outcome(
        "seismic",
        "earthquake",
        Text(asked.name.zh, asked.name.en),
        (one.lon, one.lat),
        plain,
        hash_of(asked),
        (
            *_zones(made.isoseismals, "intensity", made.set_id),
            *_zones(made.envelope, "envelope", made.envelope_set_id, _OTHER),
        ),
        (made.intensity, made.pga),
        figures,
        replace(made.manifest, inputs=dict(made.manifest.inputs) | inputs),
        (CARD,),
        {"earthquake": more},
    )


def _zones(
    lines: tuple[Contour, ...], group: str, relation: str | None, beside: Text = NO_WORDS
) -> tuple[Zone, ...]:
    """The lines from the highest degree down, each with a name of its own; *beside* is added to their labels."""
    return tuple(
        Zone(
            replace(
                line,
                name=f"{group}_{line.level:.0f}",
                unit="degree",
                label=Text(line.label.zh + beside.zh, line.label.en + beside.en),
            ),
            group,
            f"GB/T 17742-2020; attenuation set {relation}",
            "probable",
        )
        for line in reversed(lines)
    )


_OTHER = Text("（相邻分区关系）", " (relation of the zone beside)")
