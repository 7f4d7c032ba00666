"""指挥决策: incidents, from the first report to the review."""
