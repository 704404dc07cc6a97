//! What a page says and what can be pressed on it.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Selector};
use url::Url;

/// A form as it would be sent if nothing were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HtmlForm {
    /// Where it goes.
    pub action: Url,
    /// Whether its fields go in a body.
    pub is_post: bool,
    /// Names and values that are there already, in order.
    pub fields: Vec<(String, String)>,
    /// Names and values of its buttons, in order.
    pub buttons: Vec<(String, String)>,
}

/// A link, or a form that asks for no password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// What is written on it.
    pub text: String,
    /// Where it leads.
    pub to: Url,
    /// The form, where it is one.
    pub form: Option<HtmlForm>,
}

fn every(selector: &str) -> Option<Selector> {
    Selector::parse(selector).ok()
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    every(selector).map_or_else(Vec::new, |selector| page.select(&selector).collect())
}

/// The forms of a page at an address.
pub fn forms(page: &str, at: &Url) -> Vec<HtmlForm> {
    let page = Html::parse_document(page);
    all(&page, "form").into_iter().filter_map(|form| read(form, at)).collect()
}

/// The links and forms of a page at an address, in order.
pub fn presses(page: &str, at: &Url) -> Vec<Press> {
    let page = Html::parse_document(page);
    all(&page, "a[href], form").into_iter().filter_map(|element| press(element, at)).collect()
}

fn press(element: ElementRef<'_>, at: &Url) -> Option<Press> {
    let mut text = words(element.text());
    if element.value().name() == "a" {
        let to = at.join(element.attr("href")?).ok()?;
        return Some(Press { text, to, form: None });
    }
    if element.select(&every("input[type=password]")?).next().is_some() {
        return None;
    }
    for button in element.select(&every("input[type=submit], input[type=image]")?) {
        text =
            format!("{text} {}", button.attr("value").or(button.attr("alt")).unwrap_or_default());
    }
    let form = read(element, at)?;
    Some(Press { text: text.trim().to_owned(), to: form.action.clone(), form: Some(form) })
}

/// The pieces of text with letters in them that a page shows; of anything but HTML, the words between its quotation marks.
pub fn pieces(page: &str) -> BTreeSet<String> {
    if !page.trim_start().starts_with('<') {
        return page
            .split('"')
            .map(|piece| words([piece].into_iter()))
            .filter(|it| it.contains(char::is_alphabetic))
            .collect();
    }
    let page = Html::parse_document(page);
    let shown = |node: &ElementRef<'_>| {
        !["script", "style", "noscript", "template"].contains(&node.value().name())
    };
    let texts = all(&page, "body, body *").into_iter().filter(shown).flat_map(|element| {
        element
            .children()
            .filter_map(|child| child.value().as_text().map(|text| words([&**text].into_iter())))
    });
    texts.filter(|text| text.contains(char::is_alphabetic)).collect()
}

fn read(form: ElementRef<'_>, at: &Url) -> Option<HtmlForm> {
    let action = at.join(form.attr("action").unwrap_or_default()).ok()?;
    let is_post = form.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
    let (mut fields, mut buttons) = (Vec::new(), Vec::new());
    for control in form.select(&every("input[name], button[name]")?) {
        let pair = (
            control.attr("name").unwrap_or_default().to_owned(),
            control.attr("value").unwrap_or_default().to_owned(),
        );
        let kind = control.attr("type").unwrap_or_default();
        let chosen = !matches!(kind, "checkbox" | "radio") || control.attr("checked").is_some();
        if control.value().name() == "button" || kind == "submit" {
            buttons.push(pair);
        } else if chosen {
            fields.push(pair);
        }
    }
    Some(HtmlForm { action, is_post, fields, buttons })
}

impl HtmlForm {
    /// Fills in a field, or adds one.
    pub fn fill(&mut self, name: &str, value: &str) {
        match self.fields.iter_mut().find(|(given, _)| given == name) {
            Some((_, kept)) => value.clone_into(kept),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
    }
}

/// The text of the first element that a selector finds, with single spaces.
pub fn text_of(page: &str, selector: &str) -> Option<String> {
    let page = Html::parse_document(page);
    all(&page, selector).first().map(|found| words(found.text()))
}

/// An attribute of the first element that a selector finds.
pub fn attribute_of(page: &str, selector: &str, name: &str) -> Option<String> {
    let page = Html::parse_document(page);
    all(&page, selector).first().and_then(|found| found.attr(name)).map(str::to_owned)
}

fn words<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let joined: String = texts.collect();
    joined.split_whitespace().collect::<Vec<_>>().join(" ")
}
