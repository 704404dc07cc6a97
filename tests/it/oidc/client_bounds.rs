//! Each bound of a client's metadata: the last that fits is taken, the first that does not is refused by its field.

use serde_json::{Value, json};

use crate::harness::Sim;

/// `count` addresses, each another.
fn addresses(count: usize) -> Value {
    (0..count).map(|at| format!("https://a.example/{at}")).collect()
}

/// An address of so many characters.
fn long(length: usize) -> String {
    let begun = "https://a.example/";
    format!("{begun}{}", "a".repeat(length - begun.len()))
}

#[tokio::test]
async fn every_bound_is_where_it_is_said_to_be() {
    let sim = Sim::new().await;
    let text = |length: usize| "a".repeat(length);
    let each = |count: usize, length: usize| -> Value { vec![text(length); count].into() };
    let rows: Vec<(&str, Value, Value)> = vec![
        ("client_id", text(128).into(), text(129).into()),
        ("client_name", "ạ".repeat(100).into(), "ạ".repeat(101).into()),
        ("redirect_uris", addresses(20), addresses(21)),
        ("redirect_uris", json!([long(2000)]), json!([long(2001)])),
        ("post_logout_redirect_uris", addresses(20), addresses(21)),
        ("contacts", each(10, 1), each(11, 1)),
        ("contacts", each(1, 200), each(1, 201)),
        ("contacts", each(1, 1), each(1, 0)),
        ("contacts", json!(["a b"]), json!(["a\nb"])),
        ("default_acr_values", each(8, 1), each(9, 1)),
        ("default_acr_values", each(1, 100), each(1, 101)),
        ("default_acr_values", each(1, 1), each(1, 0)),
        ("default_acr_values", json!(["LoA2"]), json!(["LoA 2"])),
        ("service_scope", vec![text(99); 10].join(" ").into(), vec![text(99); 11].join(" ").into()),
        ("service_scope", text(100).into(), text(101).into()),
        ("minimum_level", 2.into(), 0.into()),
        ("backchannel_logout_uri", "http://a.example/out".into(), "vn.example.app:/out".into()),
        ("redirect_uris", json!(["vn.example.app:/cb"]), json!(["javascript:alert(1)"])),
        ("application_type", "native".into(), "cloud".into()),
        ("application_type", "web".into(), "".into()),
    ];
    for (at, (field, fits, breaks)) in rows.into_iter().enumerate() {
        let body = |value: &Value| {
            let mut body =
                json!({ "client_name": "Cổng", "redirect_uris": ["https://a.example/cb"] });
            body[field] = value.clone();
            body
        };
        sim.post("/admin/v1/clients", body(&fits)).await.status(201);
        let said = sim.post("/admin/v1/clients", body(&breaks)).await;
        assert!([400, 422].contains(&said.status.as_u16()), "{at} {field}: {}", said.text());
        assert!(said.text().contains(field), "{at} {field}: {}", said.text());
    }
}
