"""Records through filters and alarms, as CloudWatch evaluates them."""
