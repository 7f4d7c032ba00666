"""Quantified risk: frequencies, event trees, individual and societal risk, distances, domino."""
