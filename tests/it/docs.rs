//! What is generated equals what is checked in.

use mock_vneid::cli;

#[test]
fn generated_documents_are_checked_in() {
    for (path, text) in cli::documents().unwrap() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(kept == text, "{path} is stale: cargo run -- docs --write .");
    }
}
