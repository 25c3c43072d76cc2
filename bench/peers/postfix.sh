#!/usr/bin/env bash
# Debian's Postfix as a plain relay on loopback, in its own folder, for `./postmesh bench relay --vs postfix`. Needs root.
#   postfix.sh start FOLDER LISTEN:PORT SINK:PORT MILTER|none
#   postfix.sh stop  FOLDER
# Tuned as one would for throughput: up to 100 processes a service, cached connections to the sink, no log. Its queue keeps
# its normal promise: the file is fsynced before the 250.
set -euo pipefail

start() {
  local folder=$1 listen=$2 sink=$3 milter=$4
  [ "$(id -u)" = 0 ] || { echo "Postfix must be started by root: use sudo, or leave out --vs postfix"; exit 1; }
  mkdir -p "$folder/etc" "$folder/spool" "$folder/data"
  chown postfix "$folder/data"
  main "$folder" "$sink" "$milter" > "$folder/etc/main.cf"
  master "$listen" > "$folder/etc/master.cf"
  postfix -c "$folder/etc" start
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/${listen%:*}/${listen##*:}") 2>/dev/null; then exit 0; fi
    sleep 0.1
  done
  echo "Postfix does not listen on $listen"; exit 1
}

main() {
  cat <<CONFIG
compatibility_level = 3.6
queue_directory = $1/spool
data_directory = $1/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = bench.demo.test
mydestination =
alias_maps =
mynetworks = 127.0.0.0/8
inet_protocols = ipv4
relayhost = [${2%:*}]:${2##*:}
maillog_file = /dev/null
maillog_file_prefixes = /dev
default_process_limit = 100
default_destination_concurrency_limit = 100
initial_destination_concurrency = 20
smtp_connection_cache_destinations = ${2%:*}
smtp_connection_cache_on_demand = yes
smtp_tls_security_level = none
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
qmgr_message_active_limit = 50000
in_flow_delay = 0
minimal_backoff_time = 10s
CONFIG
  if [ "$3" != none ]; then echo "smtpd_milters = $3"; fi
}

master() {
  cat <<SERVICES
$1 inet n - n - - smtpd
cleanup    unix n - n - 0 cleanup
qmgr       unix n - n 300 1 qmgr
rewrite    unix - - n - - trivial-rewrite
bounce     unix - - n - 0 bounce
defer      unix - - n - 0 bounce
trace      unix - - n - 0 bounce
verify     unix - - n - 1 verify
flush      unix n - n 1000? 0 flush
proxymap   unix - - n - - proxymap
smtp       unix - - n - - smtp
relay      unix - - n - - smtp
error      unix - - n - - error
retry      unix - - n - - error
discard    unix - - n - - discard
anvil      unix - - n - 1 anvil
scache     unix - - n - 1 scache
tlsmgr     unix - - n 1000? 1 tlsmgr
postlog    unix-dgram n - n - 1 postlogd
SERVICES
}

stop() { if [ -d "$1/etc" ]; then postfix -c "$1/etc" stop || true; fi; }

"$@"
