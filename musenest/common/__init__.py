"""The kernel: what every app stands on and what knows no app.

tenancy, work items and schedules, the way out, the API's envelope and errors, idempotency, the seal,
encryption.
"""
