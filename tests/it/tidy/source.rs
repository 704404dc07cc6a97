//! A source file, parsed: which modules it names, which methods it defines and calls, what its functions take.

use std::collections::{BTreeMap, BTreeSet};

use syn::{parse::Parser as _, visit::Visit};

/// The name of a type that an item defines.
fn type_name(item: &syn::Item) -> Option<String> {
    match item {
        syn::Item::Struct(it) => Some(it.ident.to_string()),
        syn::Item::Enum(it) => Some(it.ident.to_string()),
        syn::Item::Trait(it) => Some(it.ident.to_string()),
        syn::Item::Type(it) => Some(it.ident.to_string()),
        _ => None,
    }
}

/// The rooms within `flow`.
const SUBJECTS: [&str; 4] = ["base", "holder", "provider", "realm"];

/// Who is named: the path from the crate's root, without what it is called here.
pub(super) type Named = Vec<String>;

/// One file of `src`.
pub(super) struct Source {
    /// `src/flow/mod.rs`.
    pub(super) path: String,
    pub(super) text: String,
    pub(super) found: Found,
}

/// What a file names, defines and calls.
#[derive(Default)]
pub(super) struct Found {
    /// Modules and items of the crate and of others.
    pub(super) named: BTreeSet<Named>,
    /// Methods by type.
    pub(super) defined: BTreeSet<(String, String)>,
    /// Methods called on a value whose type is known by its name.
    pub(super) called: BTreeSet<(String, String)>,
    /// Functions with a tuple as an argument's type.
    pub(super) tuples: Vec<String>,
    /// Functions with `&self` and `now`.
    pub(super) moments: Vec<String>,
    /// Structs, enums, traits and aliases of the file, outside of functions and implementations.
    pub(super) types: Vec<String>,
    /// Types with a schema in the API document.
    pub(super) schemas: Vec<String>,
    /// Whether a path climbs twice.
    pub(super) climbs: bool,
}

impl Source {
    pub(super) fn parse(path: &str, text: &str) -> Self {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut reader = Reader::of(module_of(path), None);
        reader.aliases.extend(file.items.iter().filter_map(|item| match item {
            syn::Item::Type(it) if is_tuple(&it.ty) => Some(it.ident.to_string()),
            _ => None,
        }));
        reader.visit_file(&file);
        reader.found.types = file.items.iter().filter_map(type_name).collect();
        Self { path: path.to_owned(), text: text.to_owned(), found: reader.found }
    }

    /// `flow/holder` of `src/flow/holder/qr.rs`, `flow` of what lies at its root, `clock` of `src/clock.rs`.
    pub(super) fn room(&self) -> String {
        let module = module_of(&self.path);
        match &module[..] {
            [flow, subject, ..] if flow == "flow" && SUBJECTS.contains(&&**subject) => {
                format!("flow/{subject}")
            }
            [] => if self.path.ends_with("main.rs") { "main" } else { "lib" }.to_owned(),
            [room, ..] => room.clone(),
        }
    }
}

/// The module that a file is, from the crate's root.
fn module_of(path: &str) -> Vec<String> {
    let below = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<String> = below.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

struct Reader {
    module: Vec<String>,
    /// The type of the `impl` block.
    within: Option<String>,
    /// Names that the file gives to tuples.
    aliases: BTreeSet<String>,
    found: Found,
}

fn is_tuple(of: &syn::Type) -> bool {
    matches!(of, syn::Type::Tuple(tuple) if !tuple.elems.is_empty())
}

impl Reader {
    fn of(module: Vec<String>, within: Option<String>) -> Self {
        Self { module, within, aliases: BTreeSet::new(), found: Found::default() }
    }

    /// A path as it is written, from the root; of another crate as it is.
    fn name(&mut self, written: &[String]) {
        let mut ups = 0;
        let mut at = 0;
        while written.get(at).is_some_and(|it| ["crate", "self", "super"].contains(&it.as_str())) {
            ups += usize::from(written[at] == "super");
            at += 1;
        }
        self.found.climbs |= ups > 1;
        let mut named = match written.first().map(String::as_str) {
            Some("self" | "super") => self.module[..self.module.len().saturating_sub(ups)].to_vec(),
            // Another crate's, a child's or a neighbour's that was imported: as it is.
            _ => Vec::new(),
        };
        if written.first().is_some_and(|first| first == "crate") || at > 0 {
            named.insert(0, "crate".to_owned());
        }
        named.extend(written[at..].iter().cloned());
        self.found.named.insert(named);
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) if name.ident == "self" => self.name(before),
            syn::UseTree::Name(name) => self.name(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.name(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.name(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|it| self.tree(it, before)),
        }
    }

    fn schema(&mut self, attributes: &[syn::Attribute], name: &syn::Ident) {
        let derives = |it: &syn::Attribute| match &it.meta {
            syn::Meta::List(list) if list.path.is_ident("derive") => {
                list.tokens.to_string().contains("ToSchema")
            }
            _ => false,
        };
        if attributes.iter().any(derives) {
            self.found.schemas.push(name.to_string());
        }
    }

    /// Whether it is a tuple, or a name that the file gives to one.
    fn takes_tuple(&self, of: &syn::Type) -> bool {
        let named = |path: &syn::TypePath| {
            path.path.get_ident().is_some_and(|it| self.aliases.contains(&it.to_string()))
        };
        is_tuple(of) || matches!(of, syn::Type::Path(path) if named(path))
    }

    fn takes(&mut self, signature: &syn::Signature) {
        let mut by_reference = false;
        let mut now = false;
        for input in &signature.inputs {
            match input {
                syn::FnArg::Receiver(it) => {
                    by_reference = it.reference.is_some() && it.mutability.is_none();
                }
                syn::FnArg::Typed(it) => {
                    now |= matches!(&*it.pat, syn::Pat::Ident(name) if name.ident == "now");
                    if self.takes_tuple(&it.ty) {
                        self.found.tuples.push(signature.ident.to_string());
                    }
                }
            }
        }
        if by_reference && now {
            self.found.moments.push(signature.ident.to_string());
        }
    }

    /// The type of a value, by the name it goes by: of the use cases' `Realm` alone.
    fn type_of(&self, value: &syn::Expr) -> Option<String> {
        let realm = |name: &str| ["realm", "then", "present"].contains(&name);
        match value {
            syn::Expr::Path(path) => {
                let name = path.path.get_ident()?.to_string();
                if name == "self" {
                    return self.within.clone();
                }
                realm(&name).then(|| "Realm".to_owned())
            }
            syn::Expr::Field(field) => match &field.member {
                syn::Member::Named(name) if realm(&name.to_string()) => Some("Realm".to_owned()),
                _ => None,
            },
            syn::Expr::MethodCall(call)
                if ["at", "at_present"].contains(&&*call.method.to_string()) =>
            {
                self.type_of(&call.receiver)
            }
            syn::Expr::Reference(it) => self.type_of(&it.expr),
            syn::Expr::Paren(it) => self.type_of(&it.expr),
            _ => None,
        }
    }
}

fn words(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let written = words(path);
        if written.len() > 1 && written[0] != "Self" {
            self.name(&written);
        }
        if let ([first, method], Some(within)) = (&written[..], &self.within)
            && first == "Self"
        {
            self.found.called.insert((within.clone(), method.clone()));
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let own = match &*item.self_ty {
            syn::Type::Path(path) => words(&path.path).pop(),
            _ => None,
        };
        let before = std::mem::replace(&mut self.within, own.clone());
        if item.trait_.is_none()
            && let Some(own) = own
        {
            for it in &item.items {
                if let syn::ImplItem::Fn(function) = it {
                    self.found.defined.insert((own.clone(), function.sig.ident.to_string()));
                }
            }
        }
        syn::visit::visit_item_impl(self, item);
        self.within = before;
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.takes(signature);
        syn::visit::visit_signature(self, signature);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if let Some(of) = self.type_of(&call.receiver) {
            self.found.called.insert((of, call.method.to_string()));
        }
        syn::visit::visit_expr_method_call(self, call);
    }

    /// What a macro is given is read as expressions where it is that; else the paths in its tokens are.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let expressions =
            syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        match expressions.parse2(call.tokens.clone()) {
            Ok(given) => given.iter().for_each(|it| self.visit_owned(it)),
            Err(_) => self.tokens(&call.tokens.to_string()),
        }
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.schema(&item.attrs, &item.ident);
        syn::visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.schema(&item.attrs, &item.ident);
        syn::visit::visit_item_enum(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        // Tests beside the code are no part of it.
        if item.ident != "tests" {
            syn::visit::visit_item_mod(self, item);
        }
    }
}

impl Reader {
    /// Goes through an expression that does not live as long as the file.
    fn visit_owned(&mut self, expression: &syn::Expr) {
        let within = self.within.clone();
        let mut inner = Reader::of(self.module.clone(), within);
        inner.visit_expr(expression);
        self.found.named.extend(inner.found.named);
        self.found.called.extend(inner.found.called);
        self.found.climbs |= inner.found.climbs;
    }

    fn tokens(&mut self, tokens: &str) {
        for (at, _) in tokens.match_indices("crate ::") {
            let rest = tokens[at..].split(|c: char| !(c.is_alphanumeric() || "_: ".contains(c)));
            let path = rest.into_iter().next().unwrap_or_default();
            let written: Vec<String> = path.split("::").map(|it| it.trim().to_owned()).collect();
            self.name(&written);
        }
    }
}

/// Which file each module of the house is.
pub(super) fn modules(sources: &[Source]) -> BTreeMap<Vec<String>, usize> {
    sources.iter().enumerate().map(|(at, source)| (module_of(&source.path), at)).collect()
}
