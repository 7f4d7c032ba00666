"""接入: how the plan's five families of objects are connected, checked and kept on line (S11)."""
