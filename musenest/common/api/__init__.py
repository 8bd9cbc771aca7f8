"""What every endpoint stands on: envelope, errors, pages, sparse fields, idempotency, permission, scope,
schema.
"""
