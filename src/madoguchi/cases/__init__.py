"""CASE: the office's file of one application: its steps, events, tasks and deadlines."""
