#!/usr/bin/env bash
# The real Kueue for the cluster in FOLDER (see cluster.sh): its manager, built from Go modules, on loopback.
#
#   kueue.sh build        builds it into the user's cache, once, and prints where it is
#   kueue.sh run FOLDER   runs it in the foreground until it is told to end (TERM, INT)
#
# FOLDER/kueue/ready exists as soon as it queues Jobs. A manager that ends is started again. Jobs that name no queue are
# as they were without it. HEARTH_TEST_CACHE is as in cluster.sh.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
  exit 2
}

# Prints the path of the manager, named after everything that it is made of.
binary() {
  local made_of folder
  made_of=$(cd "$here/kueue" && cat go.mod go.sum | sha256sum | cut -c1-16)
  folder=${HEARTH_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hearth/kubernetes}
  echo "$folder/kueue-$made_of"
}

build() {
  local file
  file=$(binary)
  if [ ! -x "$file" ]; then
    command -v go >/dev/null || { echo "kueue.sh: Go is needed to build Kueue" >&2; exit 1; }
    mkdir -p "$(dirname "$file")"
    # Two runs at once build once; half a file is never seen under its name.
    (
      cd "$here/kueue"
      flock 9
      [ -x "$file" ] || { go build -trimpath -ldflags '-s -w' -o "$file.new" sigs.k8s.io/kueue/cmd/kueue && mv "$file.new" "$file"; }
    ) 9>"$file.lock" >&2
  fi
  echo "$file"
}

# Where Kueue's module lies, with the definitions of its kinds.
module() {
  cd "$here/kueue"
  go mod download sigs.k8s.io/kueue
  go list -m -f '{{.Dir}}' sigs.k8s.io/kueue
}

# Two ports in a row that nobody listens on. Should somebody take one before Kueue does, it says so in its log.
free_ports() {
  local first port
  for first in $(shuf --input-range 20000-29998 --head-count 50); do
    for port in "$first" $((first + 1)); do
      if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue 2; fi
    done
    echo "$first"
    return
  done
  echo "kueue.sh: no free ports" >&2
  return 1
}

kubectl() { HOME=$folder "$folder/bin/kubectl" --kubeconfig "$folder/kubeconfig" "$@"; }

# The kinds as their makers install them, converted from version to version by Kueue itself. It is reached at a name, as
# in a cluster, which stands for this machine.
install() {
  kubectl apply --server-side --filename - <<O
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: kueue-system}}
- {apiVersion: v1, kind: Secret, metadata: {name: kueue-webhook-server-cert, namespace: kueue-system}}
- apiVersion: v1
  kind: Service
  metadata: {name: kueue-webhook-service, namespace: kueue-system}
  spec: {type: ExternalName, externalName: localhost}
O
  kubectl kustomize "$(module)/config/components/crd" |
    sed "s/^\( *\)name: webhook-service$/\1name: kueue-webhook-service\n\1port: $port/; s/namespace: system$/namespace: kueue-system/" |
    kubectl apply --server-side --filename -
}

# Only Jobs, and of these only those that name a queue. Its server of views has no folder to write its keys to; the
# topology of machines would have it watch every pod of every test.
configure() {
  cat >"$kueue/config.yaml" <<C
apiVersion: config.kueue.x-k8s.io/v1beta2
kind: Configuration
namespace: kueue-system
manageJobsWithoutQueueName: false
integrations: {frameworks: [batch/job]}
featureGates: {VisibilityOnDemand: false, TopologyAwareScheduling: false}
leaderElection: {leaderElect: false}
metrics: {bindAddress: "0"}
health: {healthProbeBindAddress: "127.0.0.1:$((port + 1))"}
webhook: {host: 127.0.0.1, port: $port, certDir: $kueue/keys}
internalCertManagement:
  enable: true
  webhookServiceName: kueue-webhook-service
  webhookSecretName: kueue-webhook-server-cert
C
}

# Kueue makes its keys and keeps them in its Secret; a kubelet would lay them before it as files.
lay_keys() {
  local name key
  for _ in $(seq 600); do
    key=$(kubectl get secret kueue-webhook-server-cert --namespace kueue-system --output 'jsonpath={.data.tls\.crt}' || true)
    if [ -n "$key" ]; then
      for name in tls.key tls.crt; do
        kubectl get secret kueue-webhook-server-cert --namespace kueue-system --output "jsonpath={.data.${name/./\\.}}" |
          base64 --decode >"$kueue/$name"
        mv "$kueue/$name" "$kueue/keys/$name"
      done
      return
    fi
    sleep 0.1
  done
  echo "kueue.sh: Kueue made no keys" >&2
}

wait_until_ready() {
  for _ in $(seq 1200); do
    if answers; then
      touch "$kueue/ready"
      echo "Kueue queues Jobs in $folder"
      return
    fi
    sleep 0.1
  done
  echo "kueue.sh: Kueue did not become ready; see $kueue/log" >&2
}

answers() {
  local answer
  exec 3<>"/dev/tcp/127.0.0.1/$((port + 1))" || return 1
  printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3
  read -r answer <&3 || true
  exec 3>&-
  [[ $answer == *" 200 "* ]]
} 2>/dev/null

end_all() {
  trap - EXIT TERM INT
  rm -f "$kueue/ready"
  local id
  for id in $(jobs -p); do kill -KILL "$id" 2>/dev/null || true; done
}

run() {
  local manager
  manager=$(build)
  kueue=$folder/kueue
  rm -rf "$kueue"
  mkdir -p "$kueue/keys"
  trap end_all EXIT
  trap 'exit 0' TERM INT
  port=$(free_ports)
  umask 077
  configure
  install >"$kueue/log" 2>&1 || { cat "$kueue/log" >&2; exit 1; }
  lay_keys &
  wait_until_ready &
  while :; do
    KUBECONFIG=$folder/kubeconfig "$manager" --config "$kueue/config.yaml" </dev/null >>"$kueue/log" 2>&1 &
    echo $! >"$kueue/pid"
    wait $! || true
    sleep 1
  done
}

case ${1:-} in
build) build ;;
run)
  [ $# = 2 ] || usage
  folder=$(cd "$2" && pwd)
  run
  ;;
*) usage ;;
esac
