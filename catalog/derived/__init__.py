"""What follows from the records: agent configuration, audit policy script, query, ATT&CK layer, cost."""
