#!/bin/bash
# Runs once, when the PostgreSQL volume is empty: the owner of the tables and the application's role, which owns nothing.
set -euo pipefail

psql -v ON_ERROR_STOP=1 -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" \
  --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE thuoc_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE thuoc_app LOGIN PASSWORD :'app_password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE DATABASE thuoc OWNER thuoc_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE thuoc FROM PUBLIC;
GRANT CONNECT ON DATABASE thuoc TO thuoc_app;
\connect thuoc
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO thuoc_app;
GRANT ALL ON SCHEMA public TO thuoc_owner;
SQL
