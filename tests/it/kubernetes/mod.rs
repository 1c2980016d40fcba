//! Against a real Kubernetes control plane.

mod chaos;
mod chart;
mod control_plane;
mod many;
mod permissions;
mod pools;
mod queue;
mod real_node;
mod walk;
