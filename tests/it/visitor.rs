//! The browser of scenarios and gauntlets.

use axum::{Router, extract::Path, response::Redirect, routing::get};
use mock_vneid::visitor::{Visitor, Wire};

#[tokio::test]
async fn a_browser_follows_twenty_redirects_and_stays_where_it_belongs() {
    let hop = |Path(left): Path<u32>| async move {
        if left == 0 {
            Redirect::to("https://elsewhere.example/?code=1")
        } else {
            Redirect::to(&format!("/{}", left - 1))
        }
    };
    let router = Router::new().route("/{left}", get(hop));
    let at: url::Url = "http://localhost:8080/19".parse().unwrap();
    let mut visitor = Visitor::new(Wire::InProcess(router), vec![at.origin()]);
    let page = visitor.open(at.clone()).await.unwrap();
    assert_eq!((page.status, page.param("code").as_deref()), (None, Some("1")));
    let error = visitor.open(at.join("/100").unwrap()).await.unwrap_err().to_string();
    assert_eq!(error, "more than 20 redirects, the last to http://localhost:8080/79");
}
