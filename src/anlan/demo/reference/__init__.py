"""Real reference data of the region, each layer with its source and licence."""

from anlan.demo.reference.load import load_reference

__all__ = ["load_reference"]
