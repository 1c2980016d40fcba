mod admission;
mod agent;
mod bench;
mod launch;
mod publish;
mod queue;
