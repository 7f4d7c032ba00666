"""模拟推演 (S32): scenarios, the jobs that run them, and results that are stored once with what they hit."""
