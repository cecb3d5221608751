#!/bin/sh
# nightly, from the standby; healthcheck.example rings when no ping came by 03:30
set -eu
name="yarn-$(date +%F-%H%M).dump"
pg_dump --format=custom --compress=9 --file="/tmp/$name" "$DATABASE_URL"
pg_restore --list "/tmp/$name" > /dev/null
rclone copyto "/tmp/$name" "north:$BACKUP_BUCKET/$name"
rclone copyto "/tmp/$name" "south:$BACKUP_BUCKET/$name"
rclone delete --min-age 45d "north:$BACKUP_BUCKET"; rclone delete --min-age 45d "south:$BACKUP_BUCKET"
rm "/tmp/$name"
wget -q -O /dev/null "https://ping.healthcheck.example/yarn-backup"
