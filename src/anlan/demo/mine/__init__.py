"""A generated mine: a slope that begins to run away and a tailings pond, for the judgement to judge."""
