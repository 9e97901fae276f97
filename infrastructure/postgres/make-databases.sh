#!/bin/sh
# Run by the image once, when its data folder is empty: a role and a database for each service, which no other role may
# enter, and a role for the exporter of metrics. The password of each comes from <ROLE>_DATABASE_PASSWORD.
set -eu

read_password() {
  variable="$(printf %s "$1" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD"
  eval "password=\${$variable:-}"
  if [ "${#password}" -lt 32 ]; then
    echo "$variable is missing or shorter than 32 characters; make it with: npm run souk -- env" >&2
    exit 1
  fi
}

for service in users products orders notifications inventory payments; do
  read_password "$service"
  psql --set ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" --dbname postgres \
    --set service="$service" --set password="$password" <<'SQL'
create role :"service" login password :'password';
create database :"service" owner :"service";
revoke connect, temporary on database :"service" from public;
SQL
done

read_password monitor
psql --set ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" --dbname postgres --set password="$password" <<'SQL'
create role monitor login password :'password' in role pg_monitor;
SQL

# Only the superuser may make these.
psql --set ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" --dbname products <<'SQL'
create extension if not exists pg_trgm;
create extension if not exists unaccent;
SQL
