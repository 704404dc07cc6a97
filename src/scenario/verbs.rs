//! What a step can do: every verb with its fields, and the door it goes to.

/// A verb.
#[derive(Debug)]
pub(crate) struct Verb {
    /// For `do`.
    pub(crate) name: &'static str,
    /// One sentence.
    pub(crate) does: &'static str,
    /// Whether a step names a person.
    pub(crate) who: Need,
    /// Whether a step names a client.
    pub(crate) client: Need,
    /// Its own fields, in groups that verbs share.
    pub(crate) groups: &'static [&'static [VerbField]],
    /// How it is done.
    pub(crate) how: VerbMethod,
}

/// Whether a field is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Never.
    No,
    /// If wanted.
    May,
    /// Always.
    Must,
}

/// A field of a verb.
#[derive(Debug)]
pub(crate) struct VerbField {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it may be, in JSON Schema's words; empty for anything.
    pub(crate) kind: &'static str,
    /// Whether it must be there.
    pub(crate) must: bool,
    /// What it says.
    pub(crate) says: &'static str,
}

/// How a verb is done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum VerbMethod {
    /// One request: method, path, and what is sent of who and client. `{…}` in the path is a field, `number` or
    /// `registration`.
    Door(&'static str, &'static str, Sends),
    /// By code of its own.
    Special(Special),
}

/// What of who and client is sent along with the step's own fields, unless the step says otherwise.
pub(crate) type Sends = &'static [Send];

/// A field of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Send {
    Number,
    Phone,
    Citizen,
    ClientId,
}

/// What is more than one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Special {
    Activate,
    Policy,
    Call,
    OpenApp,
    App,
    Open,
    Password,
    Otp,
    Resend,
    Consent,
    Press,
    SignIn,
    Exchange,
    Refresh,
    Userinfo,
    Introspect,
    Revoke,
    SignOut,
}

impl Verb {
    /// The field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static VerbField> {
        self.fields().find(|field| field.name == name)
    }

    /// Its own fields.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &'static VerbField> {
        self.groups.iter().copied().flatten()
    }
}
