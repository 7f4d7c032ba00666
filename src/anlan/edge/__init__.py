"""The edge collector: reads devices on site, keeps what it read on disk, and carries it to the door.

It runs beside the devices, away from the platform, and knows of it the batch contract only
(`anlan.stream.contract`). What reaches it goes through three places::

    sources → intake → spool (SQLite, durable) → courier → the platform's door

A device is acknowledged once the spool holds its readings; the spool lets go of them once the door has acknowledged.
"""
