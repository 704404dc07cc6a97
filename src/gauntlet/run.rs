//! The control, then every case, one after the other.

use super::{
    cases::{Case, cases},
    judge::Judge,
    party::{PartyUnderTest, Trouble},
    plan::GauntletPlan,
    provider::Provider,
    report::{CaseRow, GauntletReport},
    trial::Ring,
};
use crate::{
    faults,
    visitor::{FetchedPage, Wire, param},
};

#[cfg(feature = "internals")]
/// Puts an application to the test; tells every line as it comes.
///
/// # Errors
/// Where the cases cannot be played at all: nobody answers, no way leads to the provider, or a good sign-in cannot be told
/// from none; the sentence says what to do.
pub async fn run(plan: &GauntletPlan, tell: impl FnMut(&str)) -> Result<GauntletReport, String> {
    run_until(plan, tell, std::future::pending()).await
}

/// Why it ends before its end when it is asked to.
const TOLD: &str = "it was told to stop";

/// The same, broken off when `enough` comes: at any moment, with what was found until then.
pub async fn run_until(
    plan: &GauntletPlan,
    mut tell: impl FnMut(&str),
    enough: impl Future<Output = ()>,
) -> Result<GauntletReport, String> {
    let chosen = chosen(plan)?;
    let mut enough = std::pin::pin!(enough);
    let mut report = GauntletReport {
        about: Vec::new(),
        rows: Vec::new(),
        strict: plan.strict,
        broken_off: None,
    };
    let (mut ring, about) = tokio::select! {
        // First: some cases are decided without a pause, and who asks to stop is heard between any two.
        biased;
        () = &mut enough => {
            report.broken_off = Some(format!("the control sign-in: {TOLD}"));
            return Ok(report);
        }
        met = meet(plan) => met?,
    };
    for line in &about {
        tell(line);
    }
    report.about = about;
    for case in chosen {
        let seen = tokio::select! {
            biased;
            () = &mut enough => Err(TOLD.to_owned()),
            seen = ring.play(&case) => seen,
        };
        let seen = match seen {
            Ok(seen) => seen,
            Err(why) => {
                ring.provider.clear(&case.name).await;
                report.broken_off = Some(format!("{}: {why}", case.name));
                break;
            }
        };
        let row = CaseRow::new(case, &seen);
        tell(&row.line());
        report.rows.push(row);
    }
    Ok(report)
}

/// The simulator and the application are found, and good sign-ins work.
async fn meet(plan: &GauntletPlan) -> Result<(Ring, Vec<String>), String> {
    let wire = Wire::network().map_err(|error| error.to_string())?;
    let provider = Provider::meet(plan, wire.clone()).await?;
    let party = PartyUnderTest::new(plan, wire, &provider);
    control(plan, provider, party).await
}

fn chosen(plan: &GauntletPlan) -> Result<Vec<Case>, String> {
    let all = cases();
    for wish in &plan.only {
        if !all.iter().any(|case| GauntletPlan::means(wish, &case.name)) {
            let hint = faults::hint(wish, all.iter().map(|case| &*case.name));
            return Err(format!("--only {wish} is no case{hint}"));
        }
    }
    Ok(all.into_iter().filter(|case| plan.wants(&case.name)).collect())
}

/// Two people sign in, and nothing is wrong: that must work, and teaches how to tell.
async fn control(
    plan: &GauntletPlan,
    mut provider: Provider,
    mut party: PartyUnderTest,
) -> Result<(Ring, Vec<String>), String> {
    let out = party.probe(&mut party.browser()).await.map_err(|error| silent(plan, &error))?;
    let request = party.find(&provider).await?;
    let client_id =
        param(&request, "client_id").ok_or_else(|| format!("{request} names no client"))?;
    let client = provider.client(&client_id).await?;
    let callbacks = client["redirect_uris"].as_array().into_iter().flatten();
    party.callbacks = callbacks.filter_map(|item| item.as_str()?.parse().ok()).collect();
    let mut probes: Vec<FetchedPage> = Vec::new();
    for _ in 0..2 {
        let person = provider.person().await?;
        let mut browser = party.browser();
        let arrival = match party.sign_in(&mut browser, &provider, &person).await {
            Ok(arrival) => arrival,
            Err(Trouble::Silent(why)) => return Err(silent(plan, &why)),
            Err(Trouble::Stuck(why)) => return Err(format!("a good sign-in does not work: {why}")),
        };
        if party.answer(&arrival.way).is_none() && arrival.page.status.is_none() {
            return Err(format!(
                "a good sign-in ends at {}, which is not visited (--also)",
                arrival.page.url
            ));
        }
        probes.push(party.probe(&mut browser).await.map_err(|error| silent(plan, &error))?);
    }
    let signed_in = [&probes[0], &probes[1]];
    let closed = provider.request(&out.way).is_some();
    let judge = match &plan.signed_in_text {
        Some(text) => Judge::told(text, &out, signed_in)?,
        None => Judge::learnt(&out, signed_in, closed)?,
    };
    let asks_userinfo = provider.asks_userinfo(&client_id).await?;
    let has_logout = client["backchannel_logout_uri"].is_string();
    let about = vec![
        format!("application {} signs in at {} as {client_id}", plan.rp, plan.url),
        format!("way in: {}", party.way_in()),
        format!("somebody is signed in where {}: {}", plan.probe(), judge.sentence()),
    ];
    let plan = plan.clone();
    let ring = Ring {
        plan,
        provider,
        party,
        judge,
        client_id,
        request,
        asks_userinfo,
        has_logout,
        logs_out: None,
    };
    Ok((ring, about))
}

fn silent(plan: &GauntletPlan, why: &dyn std::fmt::Display) -> String {
    format!("{} gives no answer: {why}", plan.rp)
}
