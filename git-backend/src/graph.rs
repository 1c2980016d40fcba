//! The commit-graph file, and walking history with or without it.

use std::{
    collections::{BinaryHeap, HashMap},
    path::Path,
    sync::{Arc, Mutex},
    time::SystemTime,
};

use gix::commitgraph::Position;

use crate::{Error, ObjectId, OpenRepository, Result, last_commit::Bloom, read::RawCommit};

/// The cached commit-graph of one repository, reread when its files change.
#[derive(Default)]
pub(crate) struct GraphCache(Mutex<Option<(Stamp, Option<Arc<Graph>>)>>);

/// A commit-graph with its changed-path filters.
pub(crate) struct Graph {
    pub(crate) commits: gix::commitgraph::Graph,
    pub(crate) bloom: Option<Bloom>,
}

/// Identifies a state of the two possible files.
type Stamp = [Option<(SystemTime, u64)>; 2];

impl GraphCache {
    pub(crate) fn get(&self, repository: &Path) -> Option<Arc<Graph>> {
        let info = repository.join("objects/info");
        let stamp = ["commit-graph", "commit-graphs/commit-graph-chain"].map(|file| {
            let metadata = std::fs::metadata(info.join(file)).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        });
        let mut cached = self.0.lock().ok()?;
        match &*cached {
            Some((seen, graph)) if *seen == stamp => graph.clone(),
            _ => {
                let graph = load(&info);
                *cached = Some((stamp, graph.clone()));
                graph
            }
        }
    }
}

/// An unreadable graph is treated as absent: everything in it is also in the commits.
fn load(info: &Path) -> Option<Arc<Graph>> {
    let commits = gix::commitgraph::at(info, gix::hash::Kind::Sha1, None).ok()?;
    let bloom = Bloom::open(info).filter(|bloom| bloom.commits() == commits.num_commits());
    Some(Arc::new(Graph { commits, bloom }))
}

/// A commit met on a walk; an index into [`History`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Node(u32);

struct NodeData {
    id: gix::ObjectId,
    tree: gix::ObjectId,
    time: i64,
    /// Where the commit stands in the graph file.
    position: Option<Position>,
    /// Set from the start for commits outside the graph.
    parents: Parents,
}

enum Parents {
    InGraph,
    Ids(Vec<gix::ObjectId>),
    Nodes(Vec<Node>),
}

/// The commits met so far on one walk. Each is charged to the budget, and each parent once more.
pub(crate) struct History<'repo> {
    git: &'repo OpenRepository,
    graph: Option<Arc<Graph>>,
    nodes: Vec<NodeData>,
    by_id: HashMap<gix::ObjectId, Node>,
    by_position: HashMap<u32, Node>,
}

impl<'repo> History<'repo> {
    pub(crate) fn new(git: &'repo OpenRepository, graph: Option<Arc<Graph>>) -> Self {
        Self { git, graph, nodes: Vec::new(), by_id: HashMap::new(), by_position: HashMap::new() }
    }

    /// Enters a commit by its id.
    pub(crate) fn enter(&mut self, id: gix::ObjectId) -> Result<Node> {
        if let Some(graph) = &self.graph
            && let Some(position) = graph.commits.lookup(id)
        {
            return self.enter_position(position);
        }
        if let Some(node) = self.by_id.get(&id) {
            return Ok(*node);
        }
        let data = self.git.with_object(id, gix::objs::Kind::Commit, |data| {
            let commit = RawCommit::parse(data, usize::MAX)?;
            self.git.budget.charge(1 + commit.parent_count as u64, 0)?;
            Ok(NodeData {
                id,
                tree: commit.tree.gix(),
                time: commit.committer.0,
                position: None,
                parents: Parents::Ids(commit.parents.into_iter().map(ObjectId::gix).collect()),
            })
        })?;
        let node = self.push(data);
        self.by_id.insert(id, node);
        Ok(node)
    }

    fn enter_position(&mut self, position: Position) -> Result<Node> {
        if let Some(node) = self.by_position.get(&position.0) {
            return Ok(*node);
        }
        self.git.budget.charge(1, 0)?;
        let graph = self.graph.as_ref().expect("a position comes out of the graph");
        let commit = graph.commits.commit_at(position);
        let data = NodeData {
            id: commit.id().to_owned(),
            tree: commit.root_tree_id().to_owned(),
            time: commit.committer_timestamp().cast_signed(),
            position: Some(position),
            parents: Parents::InGraph,
        };
        let node = self.push(data);
        self.by_position.insert(position.0, node);
        Ok(node)
    }

    fn push(&mut self, data: NodeData) -> Node {
        let node = Node(u32::try_from(self.nodes.len()).expect("fewer than four billion commits"));
        self.nodes.push(data);
        node
    }

    fn data(&self, node: Node) -> &NodeData {
        &self.nodes[node.0 as usize]
    }

    pub(crate) fn id(&self, node: Node) -> gix::ObjectId {
        self.data(node).id
    }

    pub(crate) fn tree(&self, node: Node) -> gix::ObjectId {
        self.data(node).tree
    }

    pub(crate) fn time(&self, node: Node) -> i64 {
        self.data(node).time
    }

    /// The commit's changed-path filter, when the graph has one.
    pub(crate) fn filter(&self, node: Node) -> Option<(&Bloom, &[u8])> {
        let bloom = self.graph.as_ref()?.bloom.as_ref()?;
        Some((bloom, bloom.filter(self.data(node).position?.0)?))
    }

    pub(crate) fn bloom(&self) -> Option<&Bloom> {
        self.graph.as_ref()?.bloom.as_ref()
    }

    /// The parents, in order.
    pub(crate) fn parents(&mut self, node: Node) -> Result<Vec<Node>> {
        let parents = match &self.data(node).parents {
            Parents::Nodes(nodes) => return Ok(nodes.clone()),
            Parents::Ids(ids) => {
                let ids = ids.clone();
                ids.into_iter().map(|id| self.enter(id)).collect::<Result<Vec<_>>>()?
            }
            Parents::InGraph => {
                let graph = Arc::clone(self.graph.as_ref().expect("the node comes out of the graph"));
                let position = self.data(node).position.expect("the node comes out of the graph");
                let mut parents = Vec::new();
                for parent in graph.commits.commit_at(position).iter_parents() {
                    self.git.budget.charge(1, 0)?;
                    let parent = parent.map_err(|error| Error::Damaged(error.to_string()))?;
                    parents.push(self.enter_position(parent)?);
                }
                parents
            }
        };
        self.nodes[node.0 as usize].parents = Parents::Nodes(parents.clone());
        Ok(parents)
    }
}

/// Commits by time, newest first, each once: the order of `git log`.
pub(crate) struct ByTime {
    queue: BinaryHeap<(i64, std::cmp::Reverse<u32>, Node)>,
    entered: u32,
    seen: std::collections::HashSet<Node>,
}

impl ByTime {
    pub(crate) fn new() -> Self {
        Self { queue: BinaryHeap::new(), entered: 0, seen: std::collections::HashSet::new() }
    }

    /// Adds a commit; it is returned once however often it is added.
    pub(crate) fn push(&mut self, history: &History<'_>, node: Node) {
        if self.seen.insert(node) {
            self.entered += 1;
            self.queue.push((history.time(node), std::cmp::Reverse(self.entered), node));
        }
    }

    pub(crate) fn pop(&mut self) -> Option<Node> {
        self.queue.pop().map(|(.., node)| node)
    }
}
