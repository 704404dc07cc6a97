//! Whole lives in sentences.

mod activation;
mod app;
mod family;
mod foreigners;
mod locks;
mod organisations;
mod push_sign_in;
mod qr_sign_in;
mod registration;
mod registry;
mod sign_in;
mod time;
mod twice;
mod wallet;
mod whole_way;
