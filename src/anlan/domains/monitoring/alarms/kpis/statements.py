"""The statements behind the key figures.

``{alarms}`` takes the subquery of the alarms in question with its own parameters, which come first;
``{{name}}`` takes a parameter by its name.
"""

from anlan.domains.monitoring.alarms.states import Dimension

KEYS: dict[Dimension, tuple[str, str]] = {
    Dimension.WHOLE: ("''::text", "''::text"),
    Dimension.COUNTY: ("region::text", "region::text"),
    Dimension.ENTERPRISE: ("enterprise_id::text", "enterprise_name"),
    Dimension.UNIT: (
        "enterprise_id::text || '/' || process_unit_name",
        "enterprise_name || ' ' || process_unit_name",
    ),
    Dimension.OPERATOR: ("confirmed_by", "confirmed_by"),
}
"""By dimension: what tells subjects apart, and what they are called, over columns of the subquery."""

_TOLD = """
    told AS (
        SELECT a.subject, a.id, a.level, a.fleeting, e.suppression, e.recorded_at
        FROM alarms_alarmevent e JOIN alarm a ON a.id = e.alarm_id
        WHERE e.kind IN ('raised', 're_raised') AND e.recorded_at >= {{start}} AND e.recorded_at < {{end}}
    ),
    windows AS (
        SELECT subject, date_bin('10 minutes', recorded_at, {{start}}) AS begins, count(*) AS n
        FROM told WHERE suppression = 'none' GROUP BY 1, 2
    ),
    rates AS (
        SELECT subject, max(n) AS peak, count(*) FILTER (WHERE n > 10) AS floods FROM windows GROUP BY 1
    ),
    counts AS (
        SELECT subject,
            count(*) FILTER (WHERE suppression = 'none') AS announced,
            count(*) FILTER (WHERE suppression <> 'none') AS quieted,
            count(*) FILTER (WHERE suppression = 'none' AND level = '1') AS level_1,
            count(*) FILTER (WHERE suppression = 'none' AND level = '2') AS level_2,
            count(*) FILTER (WHERE suppression = 'none' AND level = '3') AS level_3,
            count(DISTINCT id) FILTER (WHERE fleeting) AS fleeting
        FROM told GROUP BY 1
    ),
    chatter AS (
        SELECT a.subject, count(DISTINCT a.id) AS chattering
        FROM alarms_alarmevent e JOIN alarm a ON a.id = e.alarm_id
        WHERE e.suppression = 'chattering' AND e.recorded_at >= {{start}} AND e.recorded_at < {{end}}
        GROUP BY 1
    )"""

_STANDING = """
    last AS (
        SELECT DISTINCT ON (e.alarm_id) a.subject, e.kind, e.recorded_at
        FROM alarms_alarmevent e JOIN alarm a ON a.id = e.alarm_id
        WHERE e.kind IN ('raised', 're_raised', 'returned', 'closed') AND e.recorded_at < {{end}}
            AND (a.closed_at IS NULL OR a.closed_at >= {{end}})
        ORDER BY e.alarm_id, e.recorded_at DESC, e.id DESC
    ),
    stands AS (
        SELECT subject, count(*) AS standing, count(*) FILTER (WHERE recorded_at < {{stale}}) AS stale
        FROM last WHERE kind IN ('raised', 're_raised') GROUP BY 1
    )"""

_ANSWERS = """
    heard AS (
        SELECT a.subject, a.confirmed_at, min(e.recorded_at) AS at
        FROM alarm a JOIN alarms_alarmevent e ON e.alarm_id = a.id
        WHERE a.confirmed_at >= {{start}} AND a.confirmed_at < {{end}}
            AND (e.kind = 'released' OR e.kind IN ('raised', 're_raised') AND e.suppression = 'none')
        GROUP BY a.id, a.subject, a.confirmed_at
    ),
    answers AS (
        SELECT subject, count(*) AS acknowledged,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM confirmed_at - at)) AS median_s,
            percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM confirmed_at - at)) AS p90_s
        FROM heard WHERE confirmed_at >= at GROUP BY 1
    )"""

_ALL = """
    SELECT n.subject, n.name,
        coalesce(c.announced, 0) AS announced, coalesce(c.quieted, 0) AS quieted,
        coalesce(c.level_1, 0) AS level_1, coalesce(c.level_2, 0) AS level_2,
        coalesce(c.level_3, 0) AS level_3, coalesce(c.fleeting, 0) AS fleeting,
        coalesce(h.chattering, 0) AS chattering,
        coalesce(r.peak, 0) AS peak, coalesce(r.floods, 0) AS floods,
        coalesce(s.standing, 0) AS standing, coalesce(s.stale, 0) AS stale,
        coalesce(w.acknowledged, 0) AS acknowledged, w.median_s, w.p90_s
    FROM (SELECT subject, max(name) AS name FROM alarm GROUP BY 1) n
        LEFT JOIN counts c USING (subject) LEFT JOIN chatter h USING (subject)
        LEFT JOIN rates r USING (subject) LEFT JOIN stands s USING (subject)
        LEFT JOIN answers w USING (subject)
    WHERE c.subject IS NOT NULL OR s.subject IS NOT NULL OR w.subject IS NOT NULL
    ORDER BY announced DESC, n.name, n.subject LIMIT {{most}}"""

BAD_ACTORS = """
    WITH alarm AS (SELECT * FROM ({alarms}) chosen),
    each AS (
        SELECT a.enterprise_id, a.point_id, a.condition, max(a.enterprise_name) AS enterprise_name,
            max(a.point_tag) AS point_tag, max(a.point_name) AS point_name, count(*) AS activations,
            bool_or(e.suppression = 'chattering') AS chattering
        FROM alarms_alarmevent e JOIN alarm a ON a.id = e.alarm_id
        WHERE e.kind IN ('raised', 're_raised') AND e.suppression IN ('none', 'chattering')
            AND e.recorded_at >= {{{{start}}}} AND e.recorded_at < {{{{end}}}}
        GROUP BY 1, 2, 3
    )
    SELECT *, (sum(activations) OVER ())::float8 AS whole FROM each
    ORDER BY activations DESC, point_tag, point_id, condition LIMIT {{{{most}}}}"""


def figures_statement(alarms: str, key: str, name: str) -> str:
    """All figures by the subjects that *key* tells apart."""
    columns = f"{key} AS subject, {name} AS name"
    keyed = f"alarm AS (SELECT *, {columns} FROM ({alarms}) chosen)"  # noqa: S608 - our own words, see `KEYS`
    return f"WITH {keyed}, {_TOLD}, {_STANDING}, {_ANSWERS} {_ALL}"
