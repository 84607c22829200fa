"""The CDKTF app: its fast start, and the stacks of many accounts built in parallel."""
