"""Linux cooked captures."""
