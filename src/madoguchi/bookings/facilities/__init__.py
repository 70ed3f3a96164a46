"""What can be booked: facilities as files, their days, prices and slots."""
