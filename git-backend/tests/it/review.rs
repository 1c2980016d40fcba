mod compare;
mod follow;
mod interdiff;
mod model;
mod patches;
mod pushes;
mod range_diff;
