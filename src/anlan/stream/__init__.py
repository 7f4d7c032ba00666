"""The hot path: door → log → evaluator and historian. Columns, ports, no ORM."""
