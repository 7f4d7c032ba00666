"""The one public origin: static files, live events, and the way to the web process and the door."""
