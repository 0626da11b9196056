"""What a run did, for people. JSON is the report; everything else is a view of that JSON."""
