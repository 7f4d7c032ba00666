"""安全承诺 and 特殊作业: what an enterprise promises each day, the work it permits, and whether the two agree."""
