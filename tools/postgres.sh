#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts a PostgreSQL server of its own for the tests of the store, on a socket in a folder, and prints the environment
# in which they find it:
#
#   eval "$(tools/postgres.sh start FOLDER)"      tools/postgres.sh stop FOLDER
#
# Needs the server's programs (Debian, Ubuntu: apt-get install postgresql). PostgreSQL does not run as root; as root,
# the user postgres is taken.
set -euo pipefail

action=$1
folder=$2
cd / # the user postgres may not see where this was called
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[[ -n $bin ]] || bin=$(dirname "$(command -v initdb)") || {
    echo "tools/postgres.sh needs the server of PostgreSQL; Debian, Ubuntu: apt-get install postgresql" >&2
    exit 1
}

as=()
if [[ $(id -u) == 0 ]]; then as=(runuser -u postgres --); fi

case $action in
start)
    mkdir -p "$folder"
    [[ $(id -u) != 0 ]] || chown postgres "$folder"
    if [[ ! -f $folder/data/PG_VERSION ]]; then
        "${as[@]}" "$bin/initdb" -D "$folder/data" -U einvoice --auth=trust --no-sync >"$folder.log"
    fi
    "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
        -o "-c listen_addresses= -c unix_socket_directories=$folder" start >>"$folder.log"
    printf 'export EINVOICE_POSTGRES=%q\n' "postgresql+psycopg://einvoice@/postgres?host=$folder"
    ;;
stop)
    "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -w -m immediate stop >/dev/null
    ;;
*)
    echo "tools/postgres.sh start|stop FOLDER" >&2
    exit 2
    ;;
esac
