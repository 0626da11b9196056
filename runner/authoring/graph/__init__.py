"""A plan as a picture: values, a layered layout, and one HTML file that needs no network. Pure."""
