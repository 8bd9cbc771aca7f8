"""Django's PostgreSQL backend, which also tells PostgreSQL the scope of each query (ARCHITECTURE.md, *Tenancy
in PostgreSQL*).
"""
