"""Every computed number leads to the run that made it: model, inputs, tables, caveats."""
