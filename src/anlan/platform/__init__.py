"""What every domain uses. Knows the ports and the kernel, and no domain."""
