"""What people see. Never imports db."""
