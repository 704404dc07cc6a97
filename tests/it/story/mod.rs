//! Whole lives in sentences.

mod activation;
mod app;
mod family;
mod foreigners;
mod locks;
mod organisations;
mod registration;
mod sign_in;
mod whole_way;
