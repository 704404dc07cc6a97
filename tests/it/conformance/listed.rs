//! docs/conformance.md names every module of the plans, and its tests are there.

use std::{collections::BTreeSet, fs, path::Path};

/// The modules of the plans, as the suite names them.
const MODULES: &str = "
oidcc-server oidcc-response-type-missing oidcc-idtoken-signature oidcc-idtoken-unsigned oidcc-userinfo-get
oidcc-userinfo-post-header oidcc-userinfo-post-body oidcc-ensure-request-without-nonce-succeeds-for-code-flow
oidcc-scope-profile oidcc-scope-email oidcc-scope-address oidcc-scope-phone oidcc-scope-all
oidcc-alternate-happy-flow oidcc-display-page oidcc-display-popup oidcc-prompt-login
oidcc-prompt-none-not-logged-in oidcc-prompt-none-logged-in oidcc-max-age-1 oidcc-max-age-10000
oidcc-ensure-request-with-unknown-parameter-succeeds oidcc-id-token-hint oidcc-login-hint oidcc-ui-locales
oidcc-claims-locales oidcc-ensure-request-with-acr-values-succeeds oidcc-codereuse oidcc-codereuse-30seconds
oidcc-ensure-registered-redirect-uri oidcc-ensure-post-request-succeeds oidcc-server-client-secret-post
oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported
oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported oidcc-claims-essential
oidcc-ensure-request-object-with-redirect-uri oidcc-refresh-token
oidcc-ensure-request-with-valid-pkce-succeeds oidcc-discovery-endpoint-verification oidcc-idtoken-rs256
oidcc-userinfo-rs256 oidcc-ensure-redirect-uri-in-authorization-request oidcc-redirect-uri-query-OK
oidcc-redirect-uri-query-mismatch oidcc-redirect-uri-query-added oidcc-redirect-uri-regfrag
oidcc-registration-logo-uri oidcc-registration-policy-uri oidcc-registration-tos-uri
oidcc-registration-jwks-uri oidcc-registration-sector-uri oidcc-registration-sector-bad
oidcc-server-rotate-keys oidcc-refresh-token-rp-key-rotation oidcc-request-uri-unsigned
oidcc-request-uri-signed-rs256 oidcc-ensure-client-assertion-with-iss-aud-succeeds
oidcc-rp-initiated-logout-discovery-endpoint-verification oidcc-rp-initiated-logout
oidcc-rp-initiated-logout-no-state oidcc-rp-initiated-logout-bad-post-logout-redirect-uri
oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri
oidcc-rp-initiated-logout-modified-id-token-hint oidcc-rp-initiated-logout-bad-id-token-hint
oidcc-rp-initiated-logout-no-id-token-hint oidcc-rp-initiated-logout-no-params
oidcc-rp-initiated-logout-only-state oidcc-rp-initiated-logout-no-post-logout-redirect-uri
oidcc-backchannel-logout-discovery-endpoint-verification oidcc-backchannel-rp-initiated-logout
oidcc-frontchannel-logout-discovery-endpoint-verification oidcc-frontchannel-rp-initiated-logout
oidcc-session-management-discovery-endpoint-verification oidcc-session-management-rp-initiated-logout
oidcc-3rd_party-init-login oidcc-3rd_party-init-login-nohttps
";

/// The functions of the sources named here.
fn functions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let names = text.split("fn ").skip(1).filter_map(|rest| rest.split('(').next());
            let carries = |name: &&str| name.starts_with("oidcc_") || report(name).is_some();
            found.extend(names.filter(carries).map(str::to_owned));
        }
    }
}

/// The number of a report that a test carries: `P1` of `p1_tokens_show_…`.
fn report(name: &str) -> Option<String> {
    let (number, _) = name.split_once('_')?;
    let digits = number.strip_prefix(['p', 'n', 'a', 'l'])?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| number.to_uppercase())
}

/// `module | test | result` of every row.
fn rows(page: &str) -> Vec<[&str; 3]> {
    page.lines()
        .filter(|line| line.starts_with("| `oidcc-"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            [cells[0].trim_matches('`'), cells[1].trim_matches('`'), cells[2]]
        })
        .collect()
}

#[test]
fn every_module_is_on_the_page_and_every_test_of_the_page_is_there() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut there = BTreeSet::new();
    functions(&tests, &mut there);
    there.retain(|name| name.starts_with("oidcc_"));
    let page = include_str!("../../../docs/conformance.md");
    let rows = rows(page);
    for module in MODULES.split_whitespace() {
        let of: Vec<_> = rows.iter().filter(|[name, ..]| *name == module).collect();
        assert!(!of.is_empty(), "{module} is not on the page");
        for [_, test, result] in of {
            match *test {
                "–" => assert!(result.starts_with("not applicable: "), "{module}: {result}"),
                test => {
                    assert!(there.contains(test), "{module}: there is no {test}");
                    assert!(result.starts_with("pass"), "{module}: {result}");
                    let carried = module.to_lowercase().replace('-', "_");
                    assert!(test.starts_with(&carried), "{test} carries the name of {module}");
                }
            }
        }
    }
    let known: BTreeSet<&str> = MODULES.split_whitespace().collect();
    let listed: BTreeSet<&str> = rows.iter().map(|[_, test, _]| *test).collect();
    for [module, ..] in &rows {
        assert!(known.contains(module), "{module} is no module of the plans");
    }
    for test in &there {
        assert!(listed.contains(test.as_str()), "{test} is not on the page");
    }
}

/// outside.md: every test that carries a report's number is on the page, under that number, and no other.
#[test]
fn every_report_of_an_application_has_its_tests() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut there = BTreeSet::new();
    functions(&tests, &mut there);
    let there: BTreeSet<_> =
        there.into_iter().filter_map(|name| Some((report(&name)?, name))).collect();
    let page = include_str!("../../../docs/conformance.md");
    let (_, table) = page.split_once("| report | what | tests |").unwrap();
    let mut listed = BTreeSet::new();
    for line in table.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let number = line.trim_matches(['|', ' ']).split(' ').next().unwrap();
        let tests = line.rsplit(" | ").next().unwrap().split('`').skip(1).step_by(2);
        listed.extend(tests.map(|test| (number.to_owned(), test.to_owned())));
    }
    assert_eq!(listed, there);
    let reports: BTreeSet<_> = there.iter().map(|(number, _)| number).collect();
    let counted = format!("{} reports, {} tests.", reports.len(), there.len());
    assert!(page.contains(&counted), "{counted}");
}
