"""One parent process that starts the stores and our own processes, and keeps them up."""
