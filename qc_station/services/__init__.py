"""What the application does, between the pages and the world."""
