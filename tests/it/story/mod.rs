//! Whole lives in sentences.

mod activation;
mod locks;
mod registration;
mod sign_in;
mod whole_way;
