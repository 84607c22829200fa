"""Files in, a deployment out: or every problem, with file and line."""
