"""Explosions: blast of condensed explosives and vapour clouds, burst vessels, dust."""
