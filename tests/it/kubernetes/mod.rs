//! Against a real Kubernetes control plane.

mod control_plane;
mod real_node;
