from django.dispatch import Signal

# Sent inside the transaction that makes an organisation; carries `organization` and `by` (an Actor).
organization_created = Signal()
