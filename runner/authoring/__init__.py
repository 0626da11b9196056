"""An account made by hand, as scripts: pure, from what was found to what is written."""
