# shellcheck shell=sh
# What every node does before its servers start. An image copies it, and its entrypoint reads it:
#
#   COPY shared/node.sh /usr/local/lib/machinelab/
#   . /usr/local/lib/machinelab/node.sh

fail() {
    echo "machinelab: $*" >&2
    exit 1
}

# As root: no way out through the engine, for the lab is all there is; and no traffic that nobody asked for.
set_up_wire() {
    ip route del default 2>/dev/null || :
    for nic in /sys/class/net/eth*; do
        # Frames as they are on a real wire: no segment longer than the MTU, every checksum filled in.
        ethtool -K "${nic##*/}" tso off gso off gro off tx off rx off sg off >/dev/null 2>&1 \
            || fail "${nic##*/}: offloads stay on (ethtool)"
        # ARP once, at the first packet; then not again for an hour (ms). Not by sysctls of the compose file: engines
        # from 28 on refuse those of one interface.
        ip ntable change name arp_cache dev "${nic##*/}" base_reachable 3600000 delay_probe 3600000 \
            || fail "${nic##*/}: ARP stays restless (ip ntable)"
    done
}

# become USER COMMAND...: go on as USER, who gets no more privilege than its groups.
become() {
    user=$1
    shift
    exec setpriv --reuid "$user" --regid "$user" --init-groups --no-new-privs "$@"
}

# filled NAME=VALUE...: standard input with each @NAME@ replaced by VALUE.
filled() {
    for each in "$@"; do
        set -- "$@" -e "s/@${each%%=*}@/${each#*=}/g"
        shift
    done
    sed "$@"
}
