"""What readers find wrong (我为本页找错), and what the editors answer."""
