"""What is harmful to whom: editable tables, thresholds, probits, and the outlines of zones."""
