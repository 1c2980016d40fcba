//! The objects that Hearth creates in a cluster: for an owner a namespace with its network policies, the key
//! of its agents and registry credentials; for an attempt a Job, and if it has several nodes what they need
//! to find each other, which is deleted with the Job.

use std::{collections::BTreeMap, net::IpAddr};

use k8s_openapi::{
    ByteString,
    api::{
        batch::v1::{Job, JobSpec},
        core::v1::{Namespace, PodTemplateSpec, Secret, Service, ServiceSpec},
        networking::v1::{
            IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
            NetworkPolicyPort, NetworkPolicySpec,
        },
    },
    apimachinery::pkg::{
        apis::meta::v1::{LabelSelector, ObjectMeta, OwnerReference},
        util::intstr::IntOrString,
    },
};
use url::Url;

use super::{
    KubernetesOptions,
    names::{AGENTS, ATTEMPT, INSTANCE, KUEUE_QUEUE, NETWORK, Names, REGISTRIES, labels},
    pod::{self, LaunchData},
};
use crate::{
    Error, Result,
    agent::{
        AgentConfig, ContainerFolders, Rendezvous,
        delivery::{AUTHORITIES_FILE, CONFIG_VARIABLE, KEY_FILE},
    },
    engine::AgentLaunch,
    sandbox::{Fence, Network},
    seal::SealKey,
};

/// A finished Job that nobody fetched is deleted after this: a server that was down may still want to see how
/// it ended.
const KEPT_SECONDS: i32 = 24 * 60 * 60;

/// The port at which the processes of several nodes meet.
const MASTER_PORT: u16 = 29500;

/// Addresses of cloud metadata services, which hand out the machine's credentials, and all other link-local
/// ones.
const METADATA_V4: [&str; 2] = ["169.254.0.0/16", "100.100.100.200/32"];
const METADATA_V6: [&str; 2] = ["fd00:ec2::254/128", "fe80::/10"];
/// The address of node-local DNS.
const NODE_LOCAL_DNS: &str = "169.254.20.10/32";

const POD_SECURITY: &str = "pod-security.kubernetes.io/enforce";
const PRIVILEGED: &str = "privileged";

/// The namespace of an owner, without its Pod Security level.
pub(super) fn namespace(names: &Names, owner: &str) -> Namespace {
    Namespace {
        metadata: ObjectMeta {
            name: Some(names.namespace(owner)),
            labels: Some(names.owner_labels(owner)),
            annotations: Some(BTreeMap::from([("hearth.dev/owner-name".to_owned(), owner.to_owned())])),
            ..ObjectMeta::default()
        },
        ..Namespace::default()
    }
}

/// The Pod Security level of an owner's namespace. Host mounts for drivers need the privileged one; how pods
/// are built does not change.
pub(super) fn level(names: &Names, owner: &str, has_host_mounts: bool) -> Namespace {
    let level = if has_host_mounts { PRIVILEGED } else { "baseline" };
    Namespace {
        metadata: ObjectMeta {
            name: Some(names.namespace(owner)),
            labels: Some(BTreeMap::from([(POD_SECURITY.to_owned(), level.to_owned())])),
            ..ObjectMeta::default()
        },
        ..Namespace::default()
    }
}

/// Whether a namespace has the privileged level already.
pub(super) fn lets_in_host_mounts(namespace: &Namespace) -> bool {
    let labels = namespace.metadata.labels.as_ref();
    labels.and_then(|labels| labels.get(POD_SECURITY)).is_some_and(|level| level == PRIVILEGED)
}

/// How pods reach the server, for the network policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ServerPlace {
    pub(super) addresses: Vec<IpAddr>,
    pub(super) port: u16,
    /// The server's own namespace, if it runs in the cluster.
    pub(super) namespace: Option<String>,
}

impl ServerPlace {
    /// `NAME.NAMESPACE.svc…` is a service in the cluster.
    pub(super) fn of(server: &Url, addresses: Vec<IpAddr>) -> Self {
        let host = server.host_str().unwrap_or_default();
        let mut parts = host.split('.').skip(1);
        let namespace = parts.next().filter(|_| parts.next() == Some("svc")).map(str::to_owned);
        Self { addresses, port: server.port_or_known_default().unwrap_or(80), namespace }
    }
}

/// Two policies for all of an owner's pods: `closed` allows only DNS and the server; `open` adds the Internet
/// for those that requested it, except the addresses of cloud metadata services.
pub(super) fn network_policies(
    names: &Names,
    owner: &str,
    server: &ServerPlace,
    blocked: &[String],
) -> [NetworkPolicy; 2] {
    let closed = NetworkPolicySpec {
        pod_selector: Some(selector(labels([(INSTANCE, names.instance())]))),
        policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
        ingress: Some(Vec::new()),
        egress: Some(vec![to_names(), to_server(server)]),
    };
    let world = |cidr: &str, except: &[&str]| {
        let is_same_family = |network: &&String| network.contains(':') == cidr.contains(':');
        let blocked = blocked.iter().filter(is_same_family).cloned();
        block(cidr, except.iter().map(|&network| network.to_owned()).chain(blocked).collect())
    };
    let open = NetworkPolicySpec {
        pod_selector: Some(selector(labels([(INSTANCE, names.instance()), (NETWORK, "open".to_owned())]))),
        policy_types: Some(vec!["Egress".to_owned()]),
        ingress: None,
        egress: Some(vec![NetworkPolicyEgressRule {
            ports: None,
            to: Some(vec![world("0.0.0.0/0", &METADATA_V4), world("::/0", &METADATA_V6)]),
        }]),
    };
    [("hearth-closed", closed), ("hearth-open", open)].map(|(name, spec)| NetworkPolicy {
        metadata: of_owner(names, &names.namespace(owner), owner, name),
        spec: Some(spec),
    })
}

fn to_names() -> NetworkPolicyEgressRule {
    let port = |protocol: &str| NetworkPolicyPort {
        protocol: Some(protocol.to_owned()),
        port: Some(IntOrString::Int(53)),
        end_port: None,
    };
    NetworkPolicyEgressRule {
        ports: Some(vec![port("UDP"), port("TCP")]),
        to: Some(vec![
            NetworkPolicyPeer {
                namespace_selector: Some(LabelSelector::default()),
                ..NetworkPolicyPeer::default()
            },
            block(NODE_LOCAL_DNS, Vec::new()),
        ]),
    }
}

fn to_server(server: &ServerPlace) -> NetworkPolicyEgressRule {
    // A service's address is translated to a pod's, with another port, before policies are evaluated.
    if let Some(namespace) = &server.namespace {
        let place = labels([("kubernetes.io/metadata.name", namespace.clone())]);
        let pods = labels([("app.kubernetes.io/name", "hearth".to_owned())]);
        let peer = NetworkPolicyPeer {
            namespace_selector: Some(selector(place)),
            pod_selector: Some(selector(pods)),
            ip_block: None,
        };
        return NetworkPolicyEgressRule { ports: None, to: Some(vec![peer]) };
    }
    let only = |address: &IpAddr| {
        block(&format!("{address}/{}", if address.is_ipv4() { 32 } else { 128 }), Vec::new())
    };
    NetworkPolicyEgressRule {
        ports: Some(vec![NetworkPolicyPort {
            protocol: Some("TCP".to_owned()),
            port: Some(IntOrString::Int(i32::from(server.port))),
            end_port: None,
        }]),
        // Without an address the rule must match nobody: a missing list would match everybody.
        to: Some(if server.addresses.is_empty() {
            vec![block("127.0.0.1/32", Vec::new())]
        } else {
            server.addresses.iter().map(only).collect()
        }),
    }
}

fn block(cidr: &str, except: Vec<String>) -> NetworkPolicyPeer {
    let except = Some(except).filter(|except| !except.is_empty());
    NetworkPolicyPeer {
        ip_block: Some(IPBlock { cidr: cidr.to_owned(), except }),
        ..NetworkPolicyPeer::default()
    }
}

fn selector(labels: BTreeMap<String, String>) -> LabelSelector {
    LabelSelector { match_labels: Some(labels), match_expressions: None }
}

/// The one Job of an attempt. It never retries by itself: Hearth decides whether a task runs again.
pub(super) fn job(
    names: &Names,
    launch: &AgentLaunch,
    options: &KubernetesOptions,
    sealed_token: String,
) -> Result<Job> {
    let name = launch.spec.name();
    let nodes = i32::try_from(launch.spec.node.count).unwrap_or(i32::MAX);
    let labels = names.attempt_labels(launch);
    let mut of_pod = labels.clone();
    let network = if launch.spec.network { "open" } else { "closed" };
    of_pod.insert(NETWORK.to_owned(), network.to_owned());
    let mut of_job = labels;
    let queue = launch.placement.local_queue.as_ref();
    of_job.extend(queue.map(|queue| (KUEUE_QUEUE.to_owned(), queue.clone())));
    let launch_data = LaunchData { config: config(launch, options)?, sealed_token };
    Ok(Job {
        metadata: ObjectMeta {
            name: Some(name),
            namespace: Some(names.namespace(&launch.placement.owner)),
            labels: Some(of_job),
            ..ObjectMeta::default()
        },
        spec: Some(JobSpec {
            backoff_limit: Some(0),
            ttl_seconds_after_finished: Some(KEPT_SECONDS),
            completions: Some(nodes),
            parallelism: Some(nodes),
            completion_mode: (nodes > 1).then(|| "Indexed".to_owned()),
            pod_replacement_policy: Some("Failed".to_owned()),
            suspend: queue.map(|_| true),
            template: PodTemplateSpec {
                metadata: Some(ObjectMeta { labels: Some(of_pod), ..ObjectMeta::default() }),
                spec: Some(pod::spec(launch, options, &launch_data)),
            },
            ..JobSpec::default()
        }),
        status: None,
    })
}

/// Makes an object be deleted with the Job.
pub(super) fn owned_by(job: &Job) -> OwnerReference {
    OwnerReference {
        api_version: "batch/v1".to_owned(),
        kind: "Job".to_owned(),
        name: job.metadata.name.clone().unwrap_or_default(),
        uid: job.metadata.uid.clone().unwrap_or_default(),
        controller: None,
        block_owner_deletion: None,
    }
}

/// Metadata of an attempt's objects.
fn metadata(names: &Names, launch: &AgentLaunch) -> ObjectMeta {
    ObjectMeta {
        name: Some(launch.spec.name()),
        namespace: Some(names.namespace(&launch.placement.owner)),
        labels: Some(names.attempt_labels(launch)),
        ..ObjectMeta::default()
    }
}

/// The agent's configuration, as JSON.
fn config(launch: &AgentLaunch, options: &KubernetesOptions) -> Result<String> {
    let name = launch.spec.name();
    let nodes = launch.spec.node.count;
    let config = AgentConfig {
        network: Network::Host,
        server: options.server.clone(),
        // These come with the owner's Secret.
        server_authorities: None,
        fence: Fence::Container,
        hidden: Vec::new(),
        folders: Some(ContainerFolders { tmp: pod::TMP.into(), home: pod::HOME.into() }),
        packages: None,
        rendezvous: (nodes > 1).then(|| Rendezvous {
            hosts: (0..nodes).map(|rank| format!("{name}-{rank}.{name}")).collect(),
            port: MASTER_PORT,
        }),
        name,
    };
    serde_json::to_string(&config).map_err(|source| Error::Malformed { path: CONFIG_VARIABLE.into(), source })
}

/// The Secret shared by an owner's agents: the operator's authorities and, when it is first created, the
/// token key.
pub(super) fn agents(
    names: &Names,
    namespace: &str,
    owner: &str,
    authorities: Option<&str>,
    new_key: Option<&SealKey>,
) -> Secret {
    // Set even if empty: an apply leaves fields unchanged that it does not name.
    let authorities = (AUTHORITIES_FILE, authorities.unwrap_or_default().as_bytes());
    let key = new_key.map(|key| (KEY_FILE, key.expose()));
    let data = [authorities].into_iter().chain(key);
    Secret {
        metadata: of_owner(names, namespace, owner, AGENTS),
        data: Some(data.map(|(name, bytes)| (name.to_owned(), ByteString(bytes.to_vec()))).collect()),
        ..Secret::default()
    }
}

/// The Secret with which kubelets pull an owner's private images.
pub(super) fn registries(names: &Names, namespace: &str, owner: &str, auths: &str) -> Secret {
    Secret {
        metadata: of_owner(names, namespace, owner, REGISTRIES),
        type_: Some("kubernetes.io/dockerconfigjson".to_owned()),
        data: Some(BTreeMap::from([(".dockerconfigjson".to_owned(), ByteString(auths.into()))])),
        ..Secret::default()
    }
}

fn of_owner(names: &Names, namespace: &str, owner: &str, name: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: Some(namespace.to_owned()),
        labels: Some(names.owner_labels(owner)),
        ..ObjectMeta::default()
    }
}

/// Gives the pods of several nodes DNS names.
pub(super) fn service(names: &Names, launch: &AgentLaunch) -> Service {
    Service {
        metadata: metadata(names, launch),
        spec: Some(ServiceSpec {
            cluster_ip: Some("None".to_owned()),
            selector: Some(labels([(ATTEMPT, launch.spec.name())])),
            // They look for each other before the last of them is ready.
            publish_not_ready_addresses: Some(true),
            ..ServiceSpec::default()
        }),
        status: None,
    }
}

/// Lets the pods of several nodes talk to each other, and to nobody else.
pub(super) fn team_policy(names: &Names, launch: &AgentLaunch) -> NetworkPolicy {
    let team = selector(labels([(ATTEMPT, launch.spec.name())]));
    let peer = NetworkPolicyPeer { pod_selector: Some(team.clone()), ..NetworkPolicyPeer::default() };
    NetworkPolicy {
        metadata: metadata(names, launch),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(team),
            policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
            ingress: Some(vec![NetworkPolicyIngressRule { from: Some(vec![peer.clone()]), ports: None }]),
            egress: Some(vec![NetworkPolicyEgressRule { to: Some(vec![peer]), ports: None }]),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::kubernetes::sample, spec::Node};

    fn made(change: impl FnOnce(&mut AgentLaunch)) -> (Names, AgentLaunch, Job) {
        let mut launch = sample::launch();
        change(&mut launch);
        let names = Names::new("hearth-");
        let mut job = job(&names, &launch, &sample::options(), "c2VhbGVk".to_owned()).unwrap();
        job.metadata.uid = Some("u-1".to_owned());
        (names, launch, job)
    }

    #[test]
    fn an_attempt_is_one_job_that_never_tries_again() {
        let (_, launch, job) = made(|_| {});
        let spec = job.spec.unwrap();
        assert_eq!(job.metadata.name, Some(launch.spec.name()));
        assert_eq!(job.metadata.namespace.as_deref(), Some("hearth-mei"));
        assert_eq!((spec.backoff_limit, spec.completions, spec.parallelism), (Some(0), Some(1), Some(1)));
        assert_eq!((spec.completion_mode, spec.suspend), (None, None));
        let labels = spec.template.metadata.unwrap().labels.unwrap();
        assert_eq!(labels[ATTEMPT], launch.spec.name());
        assert_eq!(labels[NETWORK], "closed");
    }

    #[test]
    fn several_nodes_are_one_indexed_job_and_know_where_they_meet() {
        let (names, launch, job) = made(|launch| launch.spec.node = Node { rank: 0, count: 3 });
        let spec = job.spec.as_ref().unwrap();
        assert_eq!(spec.completion_mode.as_deref(), Some("Indexed"));
        assert_eq!((spec.completions, spec.parallelism), (Some(3), Some(3)));
        assert_eq!(spec.template.spec.as_ref().unwrap().subdomain, Some(launch.spec.name()));
        let config = config(&launch, &sample::options()).unwrap();
        assert!(config.contains("hearth-7-1-0.hearth-7-1"), "{config}");
        assert_eq!(service(&names, &launch).spec.unwrap().cluster_ip.as_deref(), Some("None"));
    }

    #[test]
    fn where_kueue_queues_the_job_is_made_asleep() {
        let (_, _, job) = made(|launch| launch.placement.local_queue = Some("team".to_owned()));
        assert_eq!(job.spec.unwrap().suspend, Some(true));
        assert_eq!(job.metadata.labels.unwrap()[KUEUE_QUEUE], "team");
    }

    #[test]
    fn the_token_is_nowhere_and_its_key_in_the_owners_secret_alone() {
        let (names, launch, job) = made(|_| {});
        assert!(!serde_json::to_string(&job).unwrap().contains(launch.token.expose()));
        assert_eq!(owned_by(&job).uid, "u-1");
        let key = SealKey::new([7; 32]);
        let secret = agents(&names, "hearth-mei", "mei", None, Some(&key));
        let data = secret.data.unwrap();
        assert_eq!((data[KEY_FILE].0.as_slice(), data[AUTHORITIES_FILE].0.len()), (&[7; 32][..], 0));
        let later = agents(&names, "hearth-mei", "mei", Some("certificates"), None).data.unwrap();
        assert_eq!(later.len(), 1, "the key that is there stays");
        assert_eq!(later[AUTHORITIES_FILE].0, b"certificates");
    }

    #[test]
    fn without_network_only_names_and_the_server_are_reached() {
        let names = Names::new("hearth-");
        let server: Url = "http://10.0.0.5:3000/".parse().unwrap();
        let place = ServerPlace::of(&server, vec!["10.0.0.5".parse().unwrap()]);
        let [closed, open] = network_policies(&names, "mei", &place, &["10.96.0.0/12".to_owned()]);
        let closed = closed.spec.unwrap();
        assert_eq!(closed.ingress, Some(vec![]));
        let rules = closed.egress.unwrap();
        assert_eq!(rules.len(), 2);
        assert_eq!(rules[1].to.as_ref().unwrap()[0].ip_block.as_ref().unwrap().cidr, "10.0.0.5/32");
        let world = open.spec.unwrap().egress.unwrap().remove(0).to.unwrap();
        let except = world[0].ip_block.clone().unwrap().except.unwrap();
        assert_eq!(except, ["169.254.0.0/16", "100.100.100.200/32", "10.96.0.0/12"]);
    }

    #[test]
    fn a_server_in_the_cluster_is_let_in_by_its_namespace_and_an_unknown_one_is_nobody() {
        let inside = ServerPlace::of(&"http://hearth.forge.svc:3000/".parse().unwrap(), vec![]);
        assert_eq!(inside.namespace.as_deref(), Some("forge"));
        assert!(to_server(&inside).to.unwrap()[0].namespace_selector.is_some());
        let unknown = ServerPlace::of(&"https://hearth.example/".parse().unwrap(), vec![]);
        assert_eq!((unknown.port, unknown.namespace.clone()), (443, None));
        assert_eq!(to_server(&unknown).to.unwrap()[0].ip_block.as_ref().unwrap().cidr, "127.0.0.1/32");
    }
}
