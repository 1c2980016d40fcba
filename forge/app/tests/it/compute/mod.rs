//! What administrators make of machines, cards, specs, images and shares.

mod accelerator;
mod fleet;
mod image;
mod pool;
mod quota;
mod scene;
mod smoke;
mod spec;
