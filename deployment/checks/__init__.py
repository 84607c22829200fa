"""What AWS would refuse or what would never work, found before anything is deployed; one file a topic."""
