//! Administration of machines, accelerator types, specs, images and quotas.

mod accelerator;
mod fleet;
mod image;
mod pool;
mod quota;
mod scene;
mod smoke;
mod spec;
