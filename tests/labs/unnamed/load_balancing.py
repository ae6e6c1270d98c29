"""The load balancing lab: what packets alone do not tell."""

UNNAMED = {"comeback": "the balancer's log tells it"}
