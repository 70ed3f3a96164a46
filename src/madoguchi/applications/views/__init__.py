"""Pages of the form, a module for each thing that people do there."""
