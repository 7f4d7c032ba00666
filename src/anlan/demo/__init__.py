"""The demonstration: real data and a simulator's output, marked as what they are, through the door like any plant."""
