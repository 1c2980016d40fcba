#!/usr/bin/env bash
# A real node for the cluster in FOLDER (see cluster.sh): containerd, runc and a kubelet in mount and process namespaces
# of their own, on a bridge of their own, with device plugins for two cards that are not there. Needs root.
#
# It finds nothing that another node left and leaves nothing for another: whatever its programs write outside FOLDER ends
# with its namespaces.
#
#   node.sh run FOLDER IMAGES   runs it in the foreground until it is told to end (TERM, INT)
#
# IMAGES is an OCI archive that is imported before the first pod; nothing is ever pulled. FOLDER/real-N/ready exists as
# soon as the node is. Pods reach this machine at the bridge's address. A kubelet that ends is started again.
#
# NODE_NUMBER   N (0): the node is called real-N; nodes of other numbers may run beside it
# NODE_POOL     its label pool (real)
# NODE_ADDRESS  the bridge's address (10.99.N.1); its /24 must be free
set -euo pipefail

[ $# = 3 ] && [ "$1" = run ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2; }
cluster=$(cd "$2" && pwd)
images=$(readlink -f "$3")
number=${NODE_NUMBER:-0}
name=real-$number
pool=${NODE_POOL:-real}
node=$cluster/$name
bridge=hearth-test$number
address=${NODE_ADDRESS:-10.99.$number.1}
plugins=/usr/lib/cni
control_groups=hearth-test-$number
settings="vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes"

# Who holds the node's namespaces; the kernel ends everything in them with it.
first=

end_all() {
  trap - EXIT TERM INT
  if [ -n "$first" ]; then
    kill -KILL "$first" 2>/dev/null || true
    wait "$first" 2>/dev/null || true
  fi
  rm -f "$node/ready"
  local group
  for group in /sys/fs/cgroup/$control_groups /sys/fs/cgroup/*/$control_groups; do
    # The last processes of the namespaces may still be on their way out of them.
    for _ in $(seq 50); do
      [ -d "$group" ] || break
      find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
    done
  done
  ip link delete "$bridge" 2>/dev/null || true
}

# The group below which the kubelet makes those of its pods, in either version of control groups.
make_control_groups() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    local controller
    mkdir -p "/sys/fs/cgroup/$control_groups"
    for controller in cpu cpuset memory pids; do
      echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control || true
    done
    return
  fi
  local version1 file
  for version1 in cpu cpuacct cpuset memory devices freezer blkio pids systemd; do
    mkdir -p "/sys/fs/cgroup/$version1/$control_groups"
  done
  # A new cpuset has no processors until it is given some.
  for file in cpuset.cpus cpuset.mems; do
    cat "/sys/fs/cgroup/cpuset/$file" >"/sys/fs/cgroup/cpuset/$control_groups/$file"
  done
}

# Pods are on the bridge and nowhere else: no masquerading, so they reach this machine and each other only.
make_network() {
  ip link add "$bridge" type bridge
  ip address add "$address/24" dev "$bridge"
  ip link set "$bridge" up
  cat >"$node/network/10-test.conflist" <<C
{
  "cniVersion": "0.4.0",
  "name": "test",
  "plugins": [{
    "type": "bridge", "bridge": "$bridge", "isGateway": false, "ipMasq": false,
    "ipam": {
      "type": "host-local", "dataDir": "$node/addresses",
      "ranges": [[{"subnet": "${address%.*}.0/24", "rangeStart": "${address%.*}.10", "gateway": "$address"}]],
      "routes": [{"dst": "0.0.0.0/0"}]
    }
  }]
}
C
}

# The vendor's runtime is called nvidia; here it is runc.
# restrict_oom_score_adj: a machine in a sandbox may not protect its processes from the kernel's killer, and runc would
# give up.
configure_containerd() {
  if containerd --version | grep -q ' v\?2\.'; then
    cat >"$node/containerd.toml" <<C
version = 3
root = "$node/containerd"
state = "$node/run"
disabled_plugins = ["io.containerd.nri.v1.nri"]
[grpc]
  address = "$node/containerd.sock"
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "hearth.test/pause:1"
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.nvidia]
  runtime_type = "io.containerd.runc.v2"
[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ["$plugins"]
  conf_dir = "$node/network"
C
  else
    cat >"$node/containerd.toml" <<C
version = 2
root = "$node/containerd"
state = "$node/run"
[grpc]
  address = "$node/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
  sandbox_image = "hearth.test/pause:1"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$plugins"
    conf_dir = "$node/network"
C
  fi
}

configure_kubelet() {
  cat >"$node/kubelet.yaml" <<C
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $address
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: /$control_groups
failCgroupV1: false
failSwapOn: false
healthzPort: 0
containerRuntimeEndpoint: unix://$node/containerd.sock
podLogsDir: $node/pods
resolvConf: ""
makeIPTablesUtilChains: false
# The disk of a developer's machine is often nearly full, and a test has nothing to lose.
evictionHard: {memory.available: 1Mi, nodefs.available: 1Mi, imagefs.available: 1Mi}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
volumePluginDir: $node/kubelet/volume-plugins
serializeImagePulls: false
syncFrequency: 10s
C
}

# What runs inside the namespaces. The kubelet is started again when it ends, so that a test may kill it.
write_first_process() {
  cat >"$node/first.sh" <<I
set -euo pipefail
# Some paths cannot be configured. What is written below these folders goes into memory, in this mount namespace only;
# folders that a node of this machine uses, or used once, begin empty. The machine's own are neither made nor removed.
mount -t tmpfs -o mode=0755 none "$node/system"
for folder in /run /var/lib /var/log /opt; do
  layers=$node/system\$folder
  mkdir -p "\$layers/written" "\$layers/work"
  mount -t overlay -o "lowerdir=\$folder,upperdir=\$layers/written,workdir=\$layers/work" none "\$folder"
done
for folder in /run/containerd /run/netns /var/lib/kubelet /var/lib/cni /var/log/containers; do
  mkdir -p "\$folder"
  mount -t tmpfs -o mode=0755 none "\$folder"
done
mount --bind "$node/kubelet" /var/lib/kubelet
# The kubelet sets some things for the whole machine; here it sets copies of them.
for setting in $settings; do
  copy=$node/settings/\${setting//\//.}
  cat "/proc/sys/\$setting" >"\$copy"
  mount --bind "\$copy" "/proc/sys/\$setting"
done
containerd --config "$node/containerd.toml" >"$node/log/containerd.log" 2>&1 &
for _ in \$(seq 300); do
  ctr --address "$node/containerd.sock" version >/dev/null 2>&1 && break
  sleep 0.1
done
ctr --address "$node/containerd.sock" --namespace k8s.io images import "$images" >"$node/log/import.log" 2>&1
"$cluster/bin/device-plugin" -resource nvidia.com/gpu -count 2 -variable NVIDIA_VISIBLE_DEVICES >"$node/log/nvidia.log" 2>&1 &
"$cluster/bin/device-plugin" -resource huawei.com/Ascend910 -count 2 -variable ASCEND_VISIBLE_DEVICES >"$node/log/ascend.log" 2>&1 &
while :; do
  "$cluster/bin/kubelet" --config "$node/kubelet.yaml" --kubeconfig "$cluster/kubeconfig" --root-dir "$node/kubelet" \
    --cert-dir "$node/kubelet/keys" --hostname-override $name --node-ip $address \
    --node-labels pool=$pool,nvidia.com/gpu.product=Test-Card,nvidia.com/gpu.memory=24576 >>"$node/log/kubelet.log" 2>&1 &
  wait \$! || true
  sleep 1
done
I
}

answers() {
  local kubectl=("$cluster/bin/kubectl" --kubeconfig "$cluster/kubeconfig" get node "$name" --output)
  [ "$("${kubectl[@]}" 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ] &&
    [ "$("${kubectl[@]}" 'jsonpath={.status.allocatable.nvidia\.com/gpu}{.status.allocatable.huawei\.com/Ascend910}' 2>/dev/null)" = 22 ]
}

[ "$(id -u)" = 0 ] || { echo "node.sh: a real node needs root" >&2; exit 1; }
for program in containerd runc ctr ip unshare; do
  command -v $program >/dev/null || { echo "node.sh: $program is not installed" >&2; exit 1; }
done
# One node of a number on a machine: the bridge and the control groups are called by it.
exec 9>/run/lock/hearth-test-node-$number
flock --wait 600 9 || { echo "node.sh: another node $name runs on this machine" >&2; exit 1; }
end_all # what a run that was killed left behind
rm -rf "$node"
mkdir -p "$node"/{kubelet/device-plugins,containerd,run,network,log,pods,settings,system}
export HOME=$node
trap end_all EXIT
trap 'exit 0' TERM INT
make_control_groups
make_network
configure_containerd
configure_kubelet
write_first_process
# However this script ends, unshare ends with it, and with unshare everything in the namespaces.
setpriv --pdeathsig KILL -- unshare --mount --propagation private --pid --fork --mount-proc --kill-child \
  bash "$node/first.sh" </dev/null >"$node/log/first.log" 2>&1 9>&- &
first=$!
for _ in $(seq 600); do
  if answers; then
    touch "$node/ready"
    echo "The node $name is ready; its pods reach this machine at $address"
    wait "$first"
    exit 1 # it was not told to end
  fi
  [ -d "/proc/$first" ] || break
  sleep 0.2
done
echo "node.sh: the node $name did not become ready; see $node/log" >&2
tail -n 20 "$node"/log/*.log >&2
exit 1
