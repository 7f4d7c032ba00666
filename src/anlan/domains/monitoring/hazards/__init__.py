"""Major hazards (重大危险源) and the sites that must be protected from them."""
