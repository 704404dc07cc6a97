#!/usr/bin/env bash
# One relying party against the simulator at $ISSUER: run.sh NAME, one of those at the end of this file.
# What it needs from npm and PyPI goes into a folder of the build, in the versions of the lock files, once.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
into=${RELYING_PARTIES_INTO:-$here/../../target/relying_parties}
mkdir -p "$into"
into=$(cd "$into" && pwd)

wanted() {
  for program in "$@"; do
    command -v "$program" >/dev/null && continue
    echo "$program is not installed: scripts/tools installs it" >&2
    exit 3
  done
}

# A folder is named by what belongs into it, filled by one at a time, and believed once it is .complete.
filled() {
  local folder=$1 how=$2
  exec 9>"$into/lock"
  flock 9
  if [ ! -e "$folder/.complete" ]; then
    rm -rf "$folder"
    "$how" "$folder" >&2
    touch "$folder/.complete"
  fi
  exec 9>&-
}

digest() { cat "$@" | sha256sum | cut -c1-16; }
packages() { cp -r "$here/node" "$1" && (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --legacy-peer-deps); }
environment() {
  python3 -m venv "$1" && "$1/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/python/requirements.txt"
}

node_runs() {
  wanted node npm
  if [ "$(node --version | grep -oE '[0-9]+' | head -n 1)" -lt 20 ]; then
    echo "Node.js $(node --version) is too old: scripts/tools installs a newer one" >&2
    exit 3
  fi
  local folder
  folder=$into/node-$(digest "$here"/node/*)
  filled "$folder" packages
  exec timeout 300 node --no-warnings "$folder/$1" "${@:2}"
}

python_runs() {
  wanted python3
  python3 -c 'import ensurepip, venv' || { echo "python3 has no venv: scripts/tools installs it" >&2; exit 3; }
  local folder
  folder=$into/python-$( (python3 --version && cat "$here/python/requirements.txt") | digest)
  filled "$folder" environment
  exec timeout 300 "$folder/bin/python" -B "$here/$1" "${@:2}"
}

case ${1:-} in
openid_client) node_runs openid_client.mjs ;;
menu) node_runs menu.mjs ;;
resource) node_runs resource.mjs ;;
oauth4webapi) node_runs oauth4webapi.mjs ;;
api_typescript) node_runs api.mjs ;;
api_python) python_runs api/client.py ;;
authlib) python_runs python/authlib_rp.py ;;
allauth | mozilla | social) python_runs python/django_rp.py "$1" ;;
flask_oidc) python_runs python/flask_oidc_rp.py ;;
passport) node_runs passport.mjs ;;
next_auth) node_runs next_auth.mjs ;;
oidc-client-ts | keycloak-js) node_runs spa.mjs "$1" ;;
pooled_node) node_runs pooled.mjs ;;
pooled_python) python_runs python/pooled.py ;;
omniauth)
  wanted ruby
  python_runs ruby/omniauth_rp.py
  ;;
haproxy)
  wanted haproxy
  python_runs haproxy/balanced.py
  ;;
mod_auth_openidc)
  wanted apache2
  python_runs apache/mod_auth_openidc.py
  ;;
partner)
  wanted java
  exec timeout 300 java "$here/java/Partner.java" "$here/java/demo_partner_private.pem"
  ;;
*)
  sed -n '2,3s/^# //p' "$0" >&2
  exit 2
  ;;
esac
