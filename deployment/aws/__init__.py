"""AWS itself: partitions and Amazon resource names."""
