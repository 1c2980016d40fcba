//! The program's parts together, with real agents of the program itself.

mod task;
