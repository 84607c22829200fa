"""The fire drill: puts a marked record into a deployed log group, and follows it to the recipients."""
