"""Topics, subscriptions, and the functions that alarms call."""
