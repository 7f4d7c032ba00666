"""The embedded ClickHouse: chDB behind the ClickHouse HTTP protocol, for one machine.

Importing `anlan.adapters.chdb.engine` loads the engine (about 280 MB resident),
so only the historian process does it; everyone else speaks HTTP.
"""
