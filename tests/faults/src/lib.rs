//! What is needed to make disks fail, power go and processes die under dixit, and to judge what is left.

pub mod careless;
pub mod changes;
pub mod disk;
pub mod inputs;
pub mod judge;
pub mod measure;
pub mod media;
pub mod mutants;
pub mod random;
pub mod shim;
pub mod watch;
