"""Fires: pool, jet, fireball and flash fire, and the radiation that they cast."""
