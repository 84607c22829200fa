"""What a region plan becomes in AWS, as data: one spec for each resource.

``modules/`` makes the resources from these specs, ``verify/`` compares an account with them. A function such
as ``metric_filters(plan)`` returns the specs of one kind for a region, with real names and ARNs. Where a
construct refers to another resource of its stack, it passes that reference in place of the name.
"""
