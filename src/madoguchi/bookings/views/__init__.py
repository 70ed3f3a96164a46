"""Pages of the shop, of orders and tickets, of the gate and the queue."""
