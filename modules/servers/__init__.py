"""The servers: their roles, the agent and its configuration, the audit policy."""
