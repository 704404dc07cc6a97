//! A person's way: registration, review, accounts, papers, devices, and what the databases make of them.

pub mod account_due;
pub mod accounts;
pub mod app_session;
pub mod civil;
pub mod enrol;
pub mod follow_databases;
pub mod listed;
pub mod may_enter;
pub mod organisations;
pub mod people;
pub mod phones;
pub mod qr;
pub mod register;
pub mod report;
pub mod requests;
pub mod review;
pub mod wallet;
