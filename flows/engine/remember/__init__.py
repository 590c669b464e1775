"""What runs remember from one to the next."""
