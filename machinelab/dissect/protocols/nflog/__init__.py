"""Linux's netfilter log (NFLOG)."""
