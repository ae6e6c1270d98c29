"""redisbus."""
