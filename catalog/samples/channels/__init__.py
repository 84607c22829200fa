"""Sample events of event logs other than Security and System, a module for each family."""
