mod admission;
mod agent;
mod bench;
mod launch;
mod nodes;
mod publish;
mod queue;
