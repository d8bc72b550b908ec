"""Pictures and labels: layouts, splits, the cable renderer. No torch."""
