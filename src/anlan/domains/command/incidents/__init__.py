"""Incidents (事件): what has happened, what it reaches, and what is done about it."""
