"""What a region sends to a security account, and what receives it there."""
