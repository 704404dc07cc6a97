//! `GET|POST /login/consent`: the holder allows or denies what the portal asks for.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, failure, lets_show, page, refusal,
    step::{Posted, Step, Taken, Visited},
};
use crate::oidc::{interaction::Step as Due, language::Language};

#[derive(Template)]
#[template(path = "consent.html")]
struct Page {
    frame: Frame,
    step: Step,
    shared: Vec<&'static str>,
}

/// What a scope means to its holder.
fn meaning(scope: &str, language: Language) -> Option<&'static str> {
    let (vietnamese, english) = match scope {
        "openid" => {
            ("Mã định danh của bạn tại ứng dụng này", "Your identifier at this application")
        }
        "profile" => ("Họ tên, ngày sinh, giới tính", "Name, date of birth, gender"),
        "phone" => ("Số điện thoại", "Phone number"),
        "email" => ("Thư điện tử", "E-mail address"),
        "address" => ("Địa chỉ thường trú (mức 2)", "Address (level 2)"),
        "vneid.identity" => {
            ("Số định danh cá nhân và mức tài khoản", "Personal ID number and account level")
        }
        "vneid.card" => ("Thông tin thẻ căn cước (mức 2)", "ID card (level 2)"),
        "vneid.residence" => ("Thông tin cư trú (mức 2)", "Residence (level 2)"),
        "vneid.dependants" => ("Người phụ thuộc (mức 2)", "Dependants (level 2)"),
        "vneid.driving" => ("Giấy phép lái xe (mức 2)", "Driving licence (level 2)"),
        "vneid.vehicle" => ("Đăng ký xe (mức 2)", "Vehicle registration (level 2)"),
        "vneid.health_insurance" => {
            ("Thẻ bảo hiểm y tế (mức 2)", "Health-insurance card (level 2)")
        }
        "vneid.social_insurance" => {
            ("Quá trình tham gia bảo hiểm xã hội (mức 2)", "Social insurance (level 2)")
        }
        "vneid.tax" => ("Mã số thuế (mức 2)", "Tax code (level 2)"),
        "vneid.health" => ("Sổ sức khỏe điện tử (mức 2)", "Health record (level 2)"),
        _ => return None,
    };
    Some(language.pick(vietnamese, english))
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
    match visit.load(language).await {
        Ok(interaction) => match &interaction.step {
            Due::Consent { .. } => {
                let scopes = interaction.request.scope.split(' ');
                let shared = scopes.filter_map(|s| meaning(s, interaction.language)).collect();
                let links = visit.links(&interaction).await;
                let step = Step { links, ..visit.step(&interaction, None) };
                let logo = step.links.logo.clone();
                let shown = Page { frame: visit.frame(&interaction), step, shared };
                let mut response = page(StatusCode::OK, &shown);
                lets_show(&mut response, logo.as_deref());
                response
            }
            other => visit.due(other),
        },
        Err(error) => failure(error),
    }
}

pub(crate) async fn post(Posted(visit, fields): Posted) -> Taken {
    let allow = match fields.text("decision") {
        "allow" => true,
        "deny" => false,
        _ => {
            let (vi, en) = ("Chọn đồng ý hoặc từ chối.", "decision is allow or deny.");
            return Err(refusal(StatusCode::BAD_REQUEST, vi.to_owned(), en.to_owned(), None));
        }
    };
    let answer = visit.realm.decide_consent(visit.form(&fields), allow).await;
    Ok(visit.answered(answer.map(Ok), String::new()))
}
