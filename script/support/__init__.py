"""What the commands in `script/` share. Plain Python: Django is not loaded here."""
