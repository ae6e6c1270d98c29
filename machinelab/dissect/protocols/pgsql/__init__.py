"""The PostgreSQL protocol."""
