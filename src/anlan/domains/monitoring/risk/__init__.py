"""Risk one can open (风险一张图): unit to region, every score down to point, minute and rule."""
