"""Signing in, and the only writers of organisations, users, roles and grants.

Who somebody is stands in `identity`, which knows no services: every service asks it who acts.
"""
