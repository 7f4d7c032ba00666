"""Computations in processes of this machine."""

from anlan.adapters.processes.pool import ProcessPool

__all__ = ["ProcessPool"]
