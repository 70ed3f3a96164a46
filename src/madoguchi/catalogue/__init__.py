"""DEFINITION: reads, checks and publishes `procedures/`; question types, one file each."""
