"""What the product asks of the world, as Protocols; adapters answer."""
