"""The rules of moderation as plain Python: no Django, no clock, no input or output."""
