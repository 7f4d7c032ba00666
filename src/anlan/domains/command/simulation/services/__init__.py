"""The only writers of scenarios and simulations."""

from anlan.domains.command.simulation.services.earthquakes import report_earthquake
from anlan.domains.command.simulation.services.packs import create_pack
from anlan.domains.command.simulation.services.results import store_simulation
from anlan.domains.command.simulation.services.scenarios import create_scenario, run_scenario, update_scenario

__all__ = [
    "create_pack",
    "create_scenario",
    "report_earthquake",
    "run_scenario",
    "store_simulation",
    "update_scenario",
]
