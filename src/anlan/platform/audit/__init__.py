"""Audit rows written by triggers, chained by one sealer, verifiable by anyone who may read them."""
