//! Against a real Kubernetes control plane.

mod chart;
mod control_plane;
mod real_node;
