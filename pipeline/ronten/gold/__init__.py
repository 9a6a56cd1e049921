"""Gold annotations: reading, checking, drafting, and exchange with annotation tools."""
