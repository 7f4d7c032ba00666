"""预警: 生成 → 推送 → 签收 → 反馈 → 核查 → 销警 or 转执法 → 归档, with a clock for each colour; and 警示通报."""
