"""Chemical releases: substances, how they come out, how they spread, and what they do.

Importing this package is cheap: the property libraries are loaded when a property is first asked for.
"""
