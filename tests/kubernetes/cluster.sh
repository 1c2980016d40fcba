#!/usr/bin/env bash
# A real Kubernetes control plane on loopback (etcd, API server, scheduler, controller manager), and KWOK, which plays
# the kubelets of nodes that do not exist. Everything is built from Go modules; no root, no container runtime.
#
#   cluster.sh build          builds the binary into the user's cache, once, and prints where it is
#   cluster.sh run FOLDER     runs a cluster in the foreground until it is told to end (TERM, INT)
#   cluster.sh up FOLDER      runs one in the background; returns when it answers
#   cluster.sh down FOLDER    ends it
#   cluster.sh status FOLDER  says what runs and how much memory it has
#
# FOLDER/kubeconfig is an administrator's. A program that ends is started again, as on a real control plane; while
# FOLDER/hold/PROGRAM exists it stays away.
#
# FEATURES           feature gates for every program: GenericWorkload=true,…
# RUNTIME_CONFIG     API groups beside the usual ones: scheduling.k8s.io/v1alpha2=true
# HEARTH_TEST_CACHE  where the binary is kept (hearth/kubernetes in the user's cache folder)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
programs="etcd kube-apiserver kube-scheduler kube-controller-manager kwok"

usage() {
  sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
  exit 2
}

# Prints the path of the binary, named after everything that it is made of.
binary() {
  local made_of folder
  made_of=$(cd "$here/control-plane" && cat go.mod go.sum ./*.go | sha256sum | cut -c1-16)
  folder=${HEARTH_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hearth/kubernetes}
  echo "$folder/control-plane-$made_of"
}

# Kubernetes' libraries ask for their own version at run time; without these flags the API server calls itself v0.0.0.
build() {
  local file module version flags
  file=$(binary)
  if [ ! -x "$file" ]; then
    command -v go >/dev/null || { echo "cluster.sh: Go is needed to build the control plane" >&2; exit 1; }
    mkdir -p "$(dirname "$file")"
    module=$(sed -n 's/^\tk8s.io\/kubernetes v1\.\([0-9.]*\)$/\1/p' "$here/control-plane/go.mod")
    version=k8s.io/component-base/version
    flags="-s -w -X $version.gitVersion=v1.$module -X $version.gitMajor=1 -X $version.gitMinor=${module%%.*}"
    # Two runs at once build once; half a file is never seen under its name.
    (
      cd "$here/control-plane"
      flock 9
      [ -x "$file" ] || { go build -trimpath -ldflags "$flags" -o "$file.new" . && mv "$file.new" "$file"; }
    ) 9>"$file.lock" >&2
  fi
  echo "$file"
}

wait_for() { # what, seconds, command…
  local what=$1 seconds=$2
  shift 2
  for _ in $(seq $((seconds * 10))); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "cluster.sh: waited $seconds s in vain for $what; see $folder/log" >&2
  return 1
}

# Runs a program for as long as the cluster lives. It forms a process group with it, so that both end together.
keep() { # program, arguments…
  local program=$1
  shift
  (
    set +m
    while :; do
      while [ -e "$folder/hold/$program" ]; do sleep 0.05; done
      "$folder/bin/$program" "$@" </dev/null >>"$folder/log/$program.log" 2>&1 &
      echo $! >"$folder/run/$program.pid"
      wait $! || true
      sleep 0.1
    done
  ) &
  keepers+=($!)
}

end_all() {
  trap - EXIT TERM INT
  local keeper
  # The data is a test's: nothing is lost by not waiting for an orderly end.
  for keeper in "${keepers[@]}"; do kill -KILL -- "-$keeper" 2>/dev/null || true; done
  rm -f "$folder"/run/*.pid "$folder/ready"
}

# Five ports in a row that nobody listens on. Somebody else may take one before we do: then the program says so in its
# log, is started again, and at last the wait for it fails.
free_ports() {
  local first port
  for first in $(shuf --input-range 20000-29990 --head-count 50); do
    for port in $(seq "$first" $((first + 5))); do
      if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue 2; fi
    done
    echo "$first"
    return
  done
  echo "cluster.sh: no free ports" >&2
  return 1
}

# The key that signs service accounts' tokens, two authorities, and two callers who are known by a token. The API
# server makes its own serving certificate.
make_keys() {
  local keys=$folder/keys
  openssl genrsa -out "$keys/accounts.key" 2048
  openssl rsa -in "$keys/accounts.key" -pubout -out "$keys/accounts.pub"
  # Whom the API server believes as a client, and as a server behind which others sit.
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=clients -keyout "$keys/clients.key" -out "$keys/clients.crt"
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=front-proxies -keyout "$keys/proxies.key" -out "$keys/proxies.crt"
  openssl req -newkey rsa:2048 -nodes -subj /CN=front-proxy -keyout "$keys/proxy.key" -out "$keys/proxy.csr"
  openssl x509 -req -days 30 -in "$keys/proxy.csr" -CA "$keys/proxies.crt" -CAkey "$keys/proxies.key" -CAcreateserial -out "$keys/proxy.crt"
}

# Written as JSON, which is YAML too: whoever reads it needs no parser of YAML.
kubeconfig() { # file, token
  cat >"$1" <<K
{
  "apiVersion": "v1",
  "kind": "Config",
  "clusters": [{"name": "test", "cluster": {"server": "https://127.0.0.1:$port", "certificate-authority": "$folder/keys/apiserver.crt"}}],
  "users": [{"name": "test", "user": {"token": "$2"}}],
  "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
  "current-context": "test"
}
K
}

# What it keeps of its discoveries goes with the cluster.
kubectl() { HOME=$folder "$folder/bin/kubectl" --kubeconfig "$folder/kubeconfig" "$@"; }

start_etcd() {
  keep etcd --name test --data-dir "$folder/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "http://127.0.0.1:$((port + 1))" --advertise-client-urls "http://127.0.0.1:$((port + 1))" \
    --listen-peer-urls "http://127.0.0.1:$((port + 2))" --initial-advertise-peer-urls "http://127.0.0.1:$((port + 2))" \
    --initial-cluster "test=http://127.0.0.1:$((port + 2))" --quota-backend-bytes 4294967296
}

start_api_server() {
  keep kube-apiserver --etcd-servers "http://127.0.0.1:$((port + 1))" \
    --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --secure-port "$port" --endpoint-reconciler-type none \
    --cert-dir "$folder/keys" --token-auth-file "$folder/keys/tokens.csv" --authorization-mode Node,RBAC \
    --allow-privileged --kubelet-preferred-address-types InternalIP --service-cluster-ip-range 10.96.0.0/16 \
    --service-account-issuer https://kubernetes.default.svc \
    --service-account-key-file "$folder/keys/accounts.pub" --service-account-signing-key-file "$folder/keys/accounts.key" \
    --client-ca-file "$folder/keys/clients.crt" \
    --requestheader-client-ca-file "$folder/keys/proxies.crt" --requestheader-allowed-names front-proxy \
    --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
    --requestheader-extra-headers-prefix X-Remote-Extra- \
    --proxy-client-cert-file "$folder/keys/proxy.crt" --proxy-client-key-file "$folder/keys/proxy.key" \
    --max-requests-inflight 2000 --max-mutating-requests-inflight 1000 \
    ${FEATURES:+--feature-gates "$FEATURES"} ${RUNTIME_CONFIG:+--runtime-config "$RUNTIME_CONFIG"}
}

start_scheduler() {
  keep kube-scheduler --kubeconfig "$folder/keys/scheduler.kubeconfig" \
    --authentication-kubeconfig "$folder/kubeconfig" --authorization-kubeconfig "$folder/kubeconfig" \
    --bind-address 127.0.0.1 --secure-port $((port + 3)) --cert-dir "$folder/keys/scheduler" \
    --leader-elect=false --kube-api-qps 1000 --kube-api-burst 2000 ${FEATURES:+--feature-gates "$FEATURES"}
}

start_controllers() {
  keep kube-controller-manager --kubeconfig "$folder/kubeconfig" \
    --authentication-kubeconfig "$folder/kubeconfig" --authorization-kubeconfig "$folder/kubeconfig" \
    --bind-address 127.0.0.1 --secure-port $((port + 4)) --cert-dir "$folder/keys/controllers" \
    --leader-elect=false --kube-api-qps 1000 --kube-api-burst 2000 --concurrent-job-syncs 20 \
    --service-account-private-key-file "$folder/keys/accounts.key" --root-ca-file "$folder/keys/apiserver.crt" \
    ${FEATURES:+--feature-gates "$FEATURES"}
}

start_fake_nodes() {
  keep kwok --kubeconfig "$folder/kubeconfig" --config "$here/fake-pods.yaml" \
    --manage-nodes-with-annotation-selector kwok.x-k8s.io/node=fake --node-lease-duration-seconds 40 \
    --cidr 10.200.0.0/16 --node-ip 127.0.0.1 --node-port $((port + 5)) --server-address "127.0.0.1:$((port + 5))" \
    --tls-cert-file "$folder/keys/apiserver.crt" --tls-private-key-file "$folder/keys/apiserver.key" -v WARN
  kubectl apply --server-side --filename "$here/fake-nodes.yaml"
  wait_for 'the fake nodes' 60 kubectl wait node --all --for condition=Ready --timeout 1s
}

run() {
  local binary program admin scheduler
  binary=$(build)
  rm -rf "$folder"/{bin,etcd,hold,keys,log,run,ready,kubeconfig}
  mkdir -p "$folder"/{bin,hold,keys,log,run}
  for program in $programs kubelet kubectl device-plugin render-chart; do ln -s "$binary" "$folder/bin/$program"; done
  echo $$ >"$folder/run/cluster.pid"

  keepers=()
  set -m
  trap end_all EXIT
  trap 'exit 0' TERM INT
  port=$(free_ports)
  umask 077
  make_keys 2>/dev/null
  admin=$(openssl rand -hex 16)
  scheduler=$(openssl rand -hex 16)
  printf '%s\n' "$admin,admin,1,system:masters" "$scheduler,system:kube-scheduler,2" >"$folder/keys/tokens.csv"
  kubeconfig "$folder/kubeconfig" "$admin"
  kubeconfig "$folder/keys/scheduler.kubeconfig" "$scheduler"

  start_etcd
  start_api_server
  wait_for 'the API server' 120 kubectl get --raw /readyz
  start_scheduler
  start_controllers
  start_fake_nodes >/dev/null
  wait_for 'the controllers' 60 kubectl get serviceaccount default
  touch "$folder/ready"
  echo "Kubernetes is ready: $folder/kubeconfig"
  wait
}

up() {
  build >/dev/null # aloud, and outside the time that a cluster may take to come up
  setsid nohup "${BASH_SOURCE[0]}" run "$folder" </dev/null >"$folder/cluster.log" 2>&1 &
  wait_for 'the cluster' 180 test -e "$folder/ready" || { cat "$folder/cluster.log" >&2; exit 1; }
  echo "export KUBECONFIG=$folder/kubeconfig PATH=$folder/bin:\$PATH"
}

# Only ever the script that this folder's cluster was started by.
down() {
  local id
  id=$(cat "$folder/run/cluster.pid" 2>/dev/null) || return 0
  if grep --quiet --no-messages --null-data --fixed-strings -- "$folder" "/proc/$id/cmdline"; then
    kill -TERM "$id"
    wait_for 'the end of the cluster' 20 test ! -e "/proc/$id"
  fi
  rm -f "$folder/run/cluster.pid"
}

status() {
  local program id
  for program in $programs; do
    id=$(cat "$folder/run/$program.pid" 2>/dev/null || echo 0)
    echo "$program $id $(awk '/^VmRSS/ { print int($2 / 1024) " MiB" }' "/proc/$id/status" 2>/dev/null || echo gone)"
  done
}

verb=${1:-}
if [ "$verb" = build ]; then
  build
  exit
fi
[ $# = 2 ] || usage
mkdir -p "$2"
folder=$(cd "$2" && pwd)
case $verb in
run | up | down | status) "$verb" ;;
*) usage ;;
esac
