#!/usr/bin/env bash
# each night, sealed, to another provider; 60 days are kept there by rule; watch.example rings when nothing came by 04:00
set -euo pipefail
mariadb-dump --single-transaction --routines "$DB" | zstd -9 | age -r "$AGE_RECIPIENT" > /tmp/soap.zst.age
rclone copyto /tmp/soap.zst.age "far:soap-dumps/$(date +%F).zst.age" && rclone delete --min-age 60d far:soap-dumps
rm /tmp/soap.zst.age
curl -fsS -m 10 "https://watch.example/ping/soap-dump"
