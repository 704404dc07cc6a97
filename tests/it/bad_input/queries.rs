//! Queries of the admin API: limits, cursors, filters.

use super::{Fire, get, problem};

#[tokio::test]
async fn a_query_that_cannot_be_read() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for path in [
        "/admin/v1/accounts?limit=-1",
        "/admin/v1/accounts?limit=abc",
        "/admin/v1/accounts?limit=1.5",
        "/admin/v1/accounts?limit=",
        "/admin/v1/accounts?limit=%D9%A1",
        "/admin/v1/accounts?limit=99999999999999999999999",
        "/admin/v1/accounts?limit=1&limit=2",
        "/admin/v1/accounts?Limit=1",
        "/admin/v1/accounts?page=1",
        "/admin/v1/accounts?state=%ff",
        "/admin/v1/clients?limit=x",
        "/admin/v1/clients?after=a&after=b",
        "/admin/v1/clients?after=%00",
        "/admin/v1/clients?after=%c0%ae",
        "/admin/v1/realms?limit=x",
        "/admin/v1/realms?x=1",
        "/admin/v1/realms?after=%ed%a0%80",
        "/admin/v1/registrations?limit=x",
        "/admin/v1/registrations?state=approved",
        "/admin/v1/registrations?after=%ff",
        "/admin/v1/messages?after=abc",
        "/admin/v1/messages?after=-1",
        "/admin/v1/messages?after=18446744073709551616",
        "/admin/v1/messages?after=1.0",
        "/admin/v1/messages?purpose=bogus",
        "/admin/v1/messages?purpose=OTP",
        "/admin/v1/messages?channel=pigeon",
        "/admin/v1/messages?to=%ff",
        "/admin/v1/messages?to=a&to=b",
        "/admin/v1/messages?to=%00",
        "/admin/v1/messages?to[]=a",
        "/admin/v1/messages/latest?purpose=",
        "/admin/v1/messages/latest?nope=1",
        "/admin/v1/citizens",
        "/admin/v1/citizens?number=097190000011",
        "/admin/v1/citizens?phone=0912345601&phone=0912345602",
    ] {
        fire.shoot(path, get(path), problem(400, "invalid_query")).await;
    }
    fire.done();
}

#[tokio::test]
async fn a_query_out_of_bounds() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for path in [
        "/admin/v1/accounts?limit=0",
        "/admin/v1/accounts?limit=1001",
        "/admin/v1/accounts?limit=18446744073709551615",
        "/admin/v1/accounts?after=xyz",
        "/admin/v1/accounts?after=",
        "/admin/v1/accounts?state=bogus",
        "/admin/v1/accounts?state=Active",
        "/admin/v1/accounts?state=",
        "/admin/v1/clients?limit=0",
        "/admin/v1/realms?limit=1001",
        "/admin/v1/registrations?limit=0",
        "/admin/v1/registrations?number=12",
        "/admin/v1/registrations?status=bogus",
        "/admin/v1/registrations?status=Approved",
        "/admin/v1/messages?limit=0",
        "/admin/v1/messages?limit=1001",
        "/admin/v1/messages?citizen=12",
        "/admin/v1/messages?citizen=%D9%A0",
        "/admin/v1/messages/latest?wait=61s",
        "/admin/v1/messages/latest?wait=-1s",
        "/admin/v1/messages/latest?wait=abc",
        "/admin/v1/messages/latest?wait=10ss",
        "/admin/v1/messages/latest?wait=s",
        "/admin/v1/messages/latest?wait=%2b1s",
        "/admin/v1/messages/latest?wait=1m",
        "/admin/v1/messages/latest?wait=99999999999999999999s",
        "/admin/v1/citizens?phone=0912",
        "/admin/v1/citizens?phone=%D9%A0%D9%A9%D9%A1%D9%A2",
        "/admin/v1/citizens?phone=",
        "/admin/v1/citizens?phone=0241234567",
    ] {
        fire.shoot(path, get(path), problem(422, "invalid")).await;
    }
    fire.done();
}

#[tokio::test]
async fn a_path_that_cannot_be_read() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for (method, path) in [
        ("DELETE", "/admin/v1/messages/abc"),
        ("DELETE", "/admin/v1/messages/-1"),
        ("DELETE", "/admin/v1/messages/18446744073709551616"),
        ("DELETE", "/admin/v1/messages/%ff"),
        ("GET", "/admin/v1/accounts/%ff"),
        ("GET", "/admin/v1/citizens/%c0%ae"),
        ("GET", "/admin/v1/clients/%ed%a0%80"),
        ("DELETE", "/admin/v1/clients/%ff"),
        ("DELETE", "/admin/v1/realms/%ff"),
        ("GET", "/app/v1/registrations/%ff"),
        ("GET", "/realms/%ff/admin/v1/clock"),
        ("DELETE", "/realms/%ff/admin/v1/messages"),
        ("POST", "/realms/%ff/admin/v1/clock/resume"),
        ("GET", "/realms/%ff/.well-known/openid-configuration"),
        ("GET", "/realms/%c0%af/oauth2/jwks"),
        ("GET", "/realms/default/admin/v1/accounts/%ff"),
    ] {
        let name = format!("{method} {path}");
        fire.shoot(&name, super::json(method, path, ""), problem(400, "invalid_path")).await;
    }
    fire.done();
}
