"""Metric filters, alarms, saved queries and the dashboard."""
