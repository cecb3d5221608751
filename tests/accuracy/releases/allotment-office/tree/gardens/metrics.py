from prometheus_client import Counter, Histogram

WISHES = Counter("office_wishes_total", "Entries into waiting lists", ["district"])
LEASES = Counter("office_leases_signed_total", "Leases signed", ["district"])
RENT = Counter("office_rent_cents_total", "Rent collected, in cents")
DEBIT = Histogram("office_debit_seconds", "Time of one debit at the bank", buckets=(0.1, 0.3, 1, 3, 5, 10))
