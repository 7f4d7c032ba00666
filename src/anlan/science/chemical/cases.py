"""Worked cases: plausible accidents of the region's industry, at approximate places, for trial and drill.

They are inventions with round numbers, not records of any enterprise.
"""

from anlan.science.cases import Cases

_CASES = Cases("chemical")
case_names = _CASES.names
case_content = _CASES.content
