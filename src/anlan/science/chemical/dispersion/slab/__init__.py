"""Dense gas by the shallow-layer equations of SLAB (Ermak 1990)."""

from anlan.science.chemical.dispersion.slab.model import Slab, SlabFailed, run_slab

__all__ = ["Slab", "SlabFailed", "run_slab"]
