"""REFORM: projects, indicators and dashboards, all read from the same record."""
