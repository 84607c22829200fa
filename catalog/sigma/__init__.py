"""Sigma rules in: from a rule to a filter pattern where it is provably exact, and to a query otherwise.

The optional extra ``sigma`` brings pySigma, which reads rules, modifiers, conditions and correlations; only
``catalog.sigma.reading`` and ``rule_file`` import it. What a rule means on a record of Windows is decided
here.
"""
