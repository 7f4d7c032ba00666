"""The generated part of the demonstration: everything here is invented, seeded, and says so."""

from anlan.demo.region.load import load_region

__all__ = ["load_region"]
