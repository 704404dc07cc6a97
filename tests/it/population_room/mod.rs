//! The country.
