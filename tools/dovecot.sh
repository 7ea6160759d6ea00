#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts an IMAP server of its own, dovecot, for the tests of receiving by e-mail: on 127.0.0.1, without privileges, with
# its mailbox in a folder, and prints the environment in which the tests find it:
#
#   eval "$(tools/dovecot.sh start FOLDER [PORT])"      tools/dovecot.sh stop FOLDER
#
# Needs dovecot (Debian, Ubuntu: apt-get install dovecot-imapd). As root, the user nobody is taken. The mailbox lies in
# FOLDER/mail (a Maildir), its user is "b", and any password opens it. Without PORT, one is taken that is free.
set -euo pipefail

action=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
export PATH=$PATH:/usr/sbin
command -v dovecot >/dev/null || {
    echo "tools/dovecot.sh needs dovecot; Debian, Ubuntu: apt-get install dovecot-imapd" >&2
    exit 1
}

user=$(id -un)
group=$(id -gn)
as=()
if [[ $(id -u) == 0 ]]; then
    user=nobody
    group=nogroup
    as=(runuser -u nobody --)
fi

case $action in
start)
    free='import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
    port=${3:-$("${PYTHON:-python3}" -c "$free")}
    mkdir -p "$folder"/{run,state,mail/cur,mail/new,mail/tmp}
    cat >"$folder/dovecot.conf" <<CONF
base_dir = $folder/run
state_dir = $folder/state
log_path = $folder/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_login_user = $user
default_internal_user = $user
default_internal_group = $group
mail_location = maildir:$folder/mail
mail_uid = $user
mail_gid = $group
first_valid_uid = 1
first_valid_gid = 1
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=$user gid=$group home=$folder
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $port
  }
  inet_listener imaps {
    port = 0
  }
}
service imap {
  chroot =
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
CONF
    [[ $(id -u) != 0 ]] || chown -R "$user:$group" "$folder"
    # What it holds on to would keep the pipe of whoever called this open.
    "${as[@]}" dovecot -c "$folder/dovecot.conf" >"$folder.start" 2>&1 </dev/null || { cat "$folder.start" >&2; exit 1; }
    printf 'export EINVOICE_DOVECOT=%q\n' "127.0.0.1:$port:$folder/mail"
    ;;
stop)
    "${as[@]}" doveadm -c "$folder/dovecot.conf" stop >&2
    ;;
*)
    echo "tools/dovecot.sh start|stop FOLDER [PORT]" >&2
    exit 2
    ;;
esac
