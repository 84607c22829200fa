"""Windows servers on this machine, simulated: what the documents of a deployment do there."""
