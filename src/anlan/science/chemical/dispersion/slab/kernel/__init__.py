"""The shallow-layer model's kernels."""
