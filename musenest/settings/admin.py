"""The admin's look (Unfold)."""

UNFOLD = {
    "SITE_TITLE": "MuseNest",
    "SITE_HEADER": "MuseNest",
    "SITE_SYMBOL": "shield_with_heart",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
}
IMPORT_EXPORT_USE_TRANSACTIONS = True
