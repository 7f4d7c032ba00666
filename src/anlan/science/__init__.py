"""Pure numerics: deterministic from (inputs, seed). No Django, no I/O."""
