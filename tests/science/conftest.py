"""The engines compile on their first call: a deadline per example would measure the compiler."""

from hypothesis import settings

settings.register_profile("compiled", deadline=None)
settings.load_profile("compiled")
