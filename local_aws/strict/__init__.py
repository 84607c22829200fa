"""What AWS refuses and moto does not."""
