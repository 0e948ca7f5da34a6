//! What is needed to make disks fail, power go and processes die under dixit, and to judge what is left.

pub mod changes;
pub mod disk;
pub mod judge;
pub mod random;
pub mod shim;
pub mod watch;
