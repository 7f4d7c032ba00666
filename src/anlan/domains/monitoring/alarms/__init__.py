"""报警: 报警 → 确认 → 处置 → 销警, from transitions that the evaluator hands over."""
