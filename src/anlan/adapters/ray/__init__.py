"""Computations on a Ray cluster. Ray is no dependency: it is imported when its URL is set, and not before."""

from anlan.adapters.ray.executor import RayExecutor

__all__ = ["RayExecutor"]
