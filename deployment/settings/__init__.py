"""What ``deployment.yaml`` may say: pydantic models, one a topic; ``types`` holds single values."""
