"""Stories of the shop, the gate and the counter."""
