//! Each rule shown red: a sample that breaks it, in each of the ways that a reader of lines would miss.

use super::{rules, source::Source};

/// `path: text`, for each file.
fn house(files: &[(&str, &str)]) -> Vec<Source> {
    files.iter().map(|(path, text)| Source::parse(path, text)).collect()
}

const HOLDER: (&str, &str) =
    ("src/flow/holder/phones.rs", "pub struct Entry; impl Realm { pub fn phone(&self) {} }");
const OUTBOX: (&str, &str) =
    ("src/flow/realm/outbox.rs", "pub struct Filter; impl Realm { pub fn messages(&self) {} }");

#[test]
fn a_stranger_is_known_however_it_comes_in() {
    let ways = [
        "use crate::flow::realm::outbox::Filter;",
        "use crate::{flow::{base::loaded_account::Held, /* a comment */ realm::outbox::Filter as F}};",
        "use crate::flow::realm as tester;",
        "use super::realm::outbox;",
        "fn f(realm: &Realm) { let _ = crate::flow::realm::outbox::Filter; }",
        "fn f() -> crate::flow::realm::outbox::Filter { todo!() }",
        "fn f() { retry!(async { crate::flow::realm::outbox::Filter }) }",
        "fn f() { strange! { a => crate::flow::realm::outbox::Filter } }",
        "impl Realm { fn f(&self) { self.messages() } }",
        "impl Realm { fn f(&self) { retry!(async { self.at(then).messages().await }) } }",
        "fn f(realm: &Realm) { realm.messages() }",
        "struct S { realm: Realm } impl S { fn f(&self) { self.realm.messages() } }",
        "impl Realm { fn f(&self) { Self::messages(self) } }",
    ];
    for way in ways {
        let way = way.replace("super::", "super::super::");
        let folder = ("src/flow/realm/mod.rs", "pub mod outbox;");
        let sources = house(&[("src/flow/holder/qr.rs", &way), OUTBOX, folder]);
        assert_eq!(rules::strangers(&sources).len(), 1, "{way}");
    }
    let right =
        "use crate::flow::{Realm, holder::phones}; impl Realm { fn f(&self) { self.phone() } }";
    assert_eq!(rules::strangers(&house(&[("src/flow/realm/sweep.rs", right), HOLDER])).len(), 0);
    let wrong = ("src/store/records.rs", "use crate::identity::Account;");
    let sources = house(&[wrong, ("src/identity/mod.rs", "pub struct Account;")]);
    assert_eq!(
        rules::strangers(&sources),
        ["src/store/records.rs uses crate::identity::Account: store may not use identity"]
    );
    // A method that two files define says nothing of either.
    let other = ("src/flow/base/notes.rs", "impl Realm { pub fn messages(&self) {} }");
    let calls = ("src/flow/holder/qr.rs", "impl Realm { fn f(&self) { self.messages() } }");
    assert_eq!(rules::strangers(&house(&[calls, OUTBOX, other])).len(), 0);
}

#[test]
fn a_circle_is_found_and_a_folder_is_none() {
    let one = ("src/oidc/a.rs", "use super::b::B; pub struct A;");
    let two = ("src/oidc/b.rs", "use crate::oidc::c; pub struct B;");
    let three = ("src/oidc/c.rs", "fn f() { super::a::A }");
    let found = rules::circles(&house(&[one, two, three]));
    assert_eq!(found, ["src/oidc/a.rs, src/oidc/b.rs, src/oidc/c.rs"]);
    assert_eq!(rules::circles(&house(&[one, two])).len(), 0);
    let folder = ("src/oidc/mod.rs", "use crate::oidc::a::A; pub struct M;");
    let child = ("src/oidc/a.rs", "use super::M; pub struct A;");
    assert_eq!(rules::circles(&house(&[folder, child])).len(), 0);
    let gives = ("src/flow/holder/a.rs", "impl Realm { fn a(&self) { self.b() } }");
    let takes = ("src/flow/holder/b.rs", "impl Realm { fn b(&self) { self.a() } }");
    assert_eq!(rules::circles(&house(&[gives, takes])).len(), 1);
}

#[test]
fn the_world_and_the_clock_have_their_places() {
    for text in ["use tokio::time;", "fn f() { std::env::var(\"X\"); }", "use std::{fs as files};"]
    {
        assert_eq!(rules::worldly(&house(&[("src/oidc/token.rs", text)])).len(), 1, "{text}");
    }
    // What a comment says, nobody imports.
    let text = "// tokio::time and std::env\nfn f() {}";
    assert_eq!(rules::worldly(&house(&[("src/oidc/token.rs", text)])).len(), 0);
    for text in [
        "use crate::clock::SystemClock;",
        "use crate::store::{memory::Memory};",
        "use super::super::store;",
    ] {
        assert_eq!(rules::ambient(&house(&[("src/http/a/b.rs", text)])).len(), 1, "{text}");
    }
}

#[test]
fn tuples_and_moments_are_seen_in_any_signature() {
    let text = "struct S; impl S { fn f(&self, (a, b): (u8, u8)) {} fn g(x: (u8, u8)) {} fn h(&self, at: u8) {} }
        trait T { fn t(&self, pair: (u8, u8)); } fn fine(list: &[(u8, u8)], nothing: ()) {}
        type Pair = (u8, u8); type Line = u8; fn hidden((a, b): Pair, line: Line) {}";
    let house = house(&[("src/oidc/a.rs", text)]);
    let names = ["f", "g", "t", "hidden"].map(|name| format!("src/oidc/a.rs: {name}"));
    assert_eq!(rules::tuples(&house), names);
    let text = "impl S { fn f(&self, now: T) {} fn g(&mut self, now: T) {} fn h(self, now: T) {} fn i(&self, at: T) {} }";
    let house = self::house(&[("src/oidc/a.rs", text)]);
    assert_eq!(rules::moments(&house), ["src/oidc/a.rs: f"]);
}

#[test]
fn two_schemas_of_a_name_are_seen() {
    let one = ("src/oidc/a.rs", "#[derive(Debug, utoipa::ToSchema)] pub struct Channel;");
    let two = ("src/outbox/b.rs", "#[derive(ToSchema)] pub enum Channel { Sms }");
    let none = ("src/faults/c.rs", "#[derive(Debug)] pub enum Channel { Sms }");
    let found = rules::twins(&house(&[one, two, none]));
    assert_eq!(found, ["Channel: src/oidc/a.rs, src/outbox/b.rs"]);
    assert_eq!(rules::twins(&house(&[one, none])).len(), 0);
}

#[test]
fn a_file_has_its_sentence_and_its_length() {
    assert_eq!(rules::untidy("a.rs", "//! Says.\n"), None);
    assert_eq!(rules::untidy("a.rs", "fn f() {}").as_deref(), Some("a.rs has no //! sentence"));
    let long = format!("//! Says.\n{}", "\n".repeat(400));
    assert_eq!(rules::untidy("a.rs", &long).as_deref(), Some("a.rs has 401 lines"));
}

#[test]
fn two_types_of_a_name_are_seen() {
    let one = ("src/oidc/a.rs", "pub struct Step; enum Own { A }");
    let two = ("src/identity/b.rs", "type Step = u8; fn f() { struct Own; }");
    let house = house(&[one, two]);
    assert_eq!(rules::shared(&house).into_keys().collect::<Vec<_>>(), ["Step"]);
}
