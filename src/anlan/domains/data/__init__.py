"""数据: what is known of people and places, and where it comes from."""
