"""Dates as the Germans write them. Figures keep the point: one notation in pages, drawings and the API."""

DATE_FORMAT = "j. F Y"
TIME_FORMAT = "H:i:s"
DATETIME_FORMAT = "j. F Y H:i:s"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j. F"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
