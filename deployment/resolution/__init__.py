"""What each account and region gets: layers of settings, chosen events, names, state backends."""
