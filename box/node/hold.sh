#!/bin/sh
# The first process of a node's namespaces: makes them fit for a kubelet, then holds them.
# Called in the box's folder, with what then holds.
set -eu
box=$(pwd)

# Sockets, and whatever a kubelet, containerd or a network plugin writes below /var by a fixed
# path, go to memory of this namespace. The box's folder may lie there itself: it stays as it is.
mount --types tmpfs --options mode=755 tmpfs /run
mkdir /run/var /run/work
mount --types overlay --options lowerdir=/var,upperdir=/run/var,workdir=/run/work overlay /var
mount --no-canonicalize --bind . "$box"
cd "$box"

# The kernel's settings belong to the whole machine, those of the network to the namespace. A
# kubelet insists on setting some of the machine's: it gets files to write to in their place.
mount --bind /proc/sys /proc/sys
mount --options remount,bind,ro /proc/sys
mount --bind /proc/sys/net /proc/sys/net
mount --options remount,bind,rw /proc/sys/net
for setting in vm/overcommit_memory vm/panic_on_oom \
    kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
  mkdir -p "/run/sys/${setting%/*}"
  cat "/proc/sys/$setting" > "/run/sys/$setting"
  mount --bind "/run/sys/$setting" "/proc/sys/$setting"
done
echo 1 > /proc/sys/net/ipv4/ip_forward

# A volume here is full after so many bytes, and nothing else of the machine with it.
mount --types tmpfs --options size=64m,mode=777 tmpfs node/small-storage

ip link set lo up
exec "$@"
