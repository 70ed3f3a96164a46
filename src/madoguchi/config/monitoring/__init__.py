"""What load balancers and monitoring ask of a running hall: alive, ready, and its figures for Prometheus."""
