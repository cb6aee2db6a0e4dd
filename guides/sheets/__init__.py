"""What goes on paper: sheets, booklets, posters, and when what they say last changed."""
