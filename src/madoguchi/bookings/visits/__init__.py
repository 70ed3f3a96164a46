"""Appointments and touchless visits."""
