"""Production's settings, as an operator gives them by the environment."""

from cryptography.fernet import Fernet

SAFE = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "q8fT2mZx0LrW5vYc7NbJ4sKd9HgP1aEu6RiXoQw3BnMzVtCyAeSd",
    "JWT_SECRET": "Zr5nU1kQe8WbX3oTg6HyC0pLmS9vJd2fAiN7xEqRu4GtYwBzPoLk",
    "SEAL_KEY": "Hc3LxV9pQs0RnYk6TdWm2BzJ7gFuE5aoXi1KqCvNt8MrUyZwHnJm",
    "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "musenest.example",
    "BASE_URL": "https://musenest.example",
    "BEHIND_PROXY": "true",
    "TRUSTED_PROXIES": "1",
    "RATE_LIMIT_ENABLED": "true",
    "STAFF_MFA_REQUIRED": "true",
    "SMTP_HOST": "mail.musenest.example",
    "METRICS_TOKEN": "Jw4bN8yTqZ2mXc6VrK0sHd5PgLfA9eUi3oRt7WxEvCnM1zBqYuSk",
}
