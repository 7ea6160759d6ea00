#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The tour of `make demo`: an ERP export becomes e-invoices in four forms, which are then checked and shown.
set -eu

export_csv=fixtures/erp-csv/export.csv
mapping=fixtures/erp-csv/mapping.toml
seller=fixtures/erp-csv/seller.toml
out=demo-out

run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

for syntax in ubl cii facturx json; do
    run einvoice convert "$export_csv" --map "$mapping" --seller "$seller" --to "$syntax" -o "$out/" --force
done

run einvoice validate "$out"/*.ubl.xml "$out"/*.cii.xml "$out"/*.pdf

set -- "$out"/*.ubl.xml
run einvoice show "$1"

printf '\nThe invoices are in %s/:\n' "$out"
ls -l "$out"
