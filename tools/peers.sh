#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches the judges of PDF that are not ours, for the tests marked `peers`: veraPDF (PDF/A and PDF/UA) and the
# validator of Mustang (Factur-X and ZUGFeRD). They need a JDK of version 17 or later and Maven, and come from Maven
# Central into build/peers. Prints the environment in which the tests find them:
#
#   eval "$(tools/peers.sh)" && make test PYTEST_ARGS="-m peers"
set -euo pipefail

folder=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/build/peers}
plugin=org.apache.maven.plugins:maven-dependency-plugin:3.8.1

command -v java >/dev/null && command -v mvn >/dev/null || {
    echo "tools/peers.sh needs java (17 or later) and mvn; Debian, Ubuntu: apt-get install openjdk-17-jdk-headless maven" >&2
    exit 1
}

digest() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

# fetch VARIABLE COORDINATES FILE SHA-256: what is there already is only checked
fetch() {
    if [[ ! -f $folder/$3 ]]; then
        echo "fetching $2" >&2
        mvn --batch-mode --quiet "$plugin:copy" -Dartifact="$2" -DoutputDirectory="$folder" >&2
    fi
    [[ $(digest "$folder/$3") == "$4" ]] || { echo "$folder/$3 is not the file it was: delete it" >&2; exit 1; }
    printf 'export %s=%q\n' "$1" "$folder/$3"
}

mkdir -p "$folder"
fetch EINVOICE_VERAPDF org.verapdf.apps:cli:1.30.2 cli-1.30.2.jar \
    287cc9c9757f99dcff4a2d39b68268245b48103fb6af443162d5a29df2afa332
fetch EINVOICE_MUSTANG org.mustangproject:validator:2.25.0:jar:shaded validator-2.25.0-shaded.jar \
    32c1ef0a6fd07cb1c9618944e20d70a354d4f49eb5d02311c626762fb5f1852b

# axe-core judges HTML in a headless Chromium; it comes from the npm registry.
axe=axe-core-4.11.0
if [[ ! -f $folder/$axe.min.js ]] && command -v npm >/dev/null; then
    echo "fetching $axe" >&2
    (cd "$folder" && npm pack --silent "${axe%-*}@${axe##*-}" >&2 && tar -xzOf "$axe.tgz" package/axe.min.js >"$axe.min.js" && rm "$axe.tgz")
fi
if [[ -f $folder/$axe.min.js ]]; then
    [[ $(digest "$folder/$axe.min.js") == e9e5863c33a874f09bc01acd9234b7e3c871479f5eef8802fa582544465e6d01 ]] || {
        echo "$folder/$axe.min.js is not the file it was: delete it" >&2
        exit 1
    }
    printf 'export EINVOICE_AXE=%q\n' "$folder/$axe.min.js"
else
    echo "tools/peers.sh: without npm there is no axe-core, and HTML pages are not judged" >&2
fi

# Another implementation of Peppol's AS4, and libxmlsec for signatures, in an environment of their own: they pin
# versions of libraries that are not ours.
as4=$folder/as4-0.2.0
if [[ ! -x $as4/bin/python || ! -f $as4/.ready ]]; then
    echo "fetching as4 and xmlsec" >&2
    "${PYTHON:-python3}" -m venv "$as4" >&2
    "$as4/bin/python" -m pip install --quiet as4==0.2.0 xmlsec==1.3.17 >&2
    touch "$as4/.ready"
fi
printf 'export EINVOICE_AS4_PYTHON=%q\n' "$as4/bin/python"

# One more sender of Peppol; xmlsec brings the libxmlsec that it encrypts with, which Debian 12 lacks.
peppol=$folder/peppol-py-1.2.5
if [[ ! -x $peppol/bin/python || ! -f $peppol/.ready ]]; then
    echo "fetching peppol-py" >&2
    "${PYTHON:-python3}" -m venv "$peppol" >&2
    "$peppol/bin/python" -m pip install --quiet peppol-py==1.2.5 xmlsec==1.3.17 >&2
    touch "$peppol/.ready"
fi
printf 'export EINVOICE_PEPPOL_PYTHON=%q\n' "$peppol/bin/python"

# phase4, the reference implementation of Peppol's AS4, with a few lines of ours around it.
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/tests/peers/phase4
phase4=$folder/phase4-4.4.1
if [[ ! -f $phase4/.ready ]]; then
    echo "fetching phase4" >&2
    rm -rf "$phase4"
    mvn --batch-mode --quiet -f "$source/pom.xml" "$plugin:copy-dependencies" -DoutputDirectory="$(mkdir -p "$phase4" && cd "$phase4" && pwd)/lib" >&2
    touch "$phase4/.ready"
fi
rm -rf "$phase4/classes"
javac -d "$phase4/classes" -cp "$phase4/lib/*" "$source"/src/main/java/peer/*.java >&2
cp -R "$source/src/main/resources/META-INF" "$phase4/classes/"
printf 'export EINVOICE_PHASE4=%q\n' "$(cd "$phase4" && pwd)"
