mod admission;
mod agent;
mod bench;
mod clock;
mod launch;
mod nodes;
mod publish;
mod queue;
