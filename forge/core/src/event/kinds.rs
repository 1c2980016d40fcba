//! Macros that define the event kinds of each noun, and combine all nouns into one [`super::Event`].

/// Defines the events of one noun: `Variant = "kind" { field: Type, … }`.
macro_rules! kinds {
    ($(#[$about:meta])* pub enum $noun:ident {
        $($(#[$note:meta])* $variant:ident = $kind:literal { $($(#[$of:meta])* $field:ident: $type:ty),* $(,)? }),+ $(,)?
    }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "kind", content = "data")]
        pub enum $noun {
            $($(#[$note])* #[serde(rename = $kind)] $variant { $($(#[$of])* $field: $type),* }),+
        }

        impl $noun {
            pub(super) const KINDS: &'static [&'static str] = &[$($kind),+];

            /// The name as stored and sent.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $kind),+ }
            }
        }
    };
}

/// Combines the events of all nouns into [`super::Event`].
macro_rules! nouns {
    ($($noun:ident($events:ty)),+ $(,)?) => {
        /// What happened, by noun.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Event {
            $($noun($events)),+
        }

        $(impl From<$events> for Event {
            fn from(event: $events) -> Self {
                Self::$noun(event)
            }
        })+

        impl Event {
            /// The schema version of the stored data.
            pub const VERSION: i64 = 1;

            /// Every kind of event.
            pub fn kinds() -> impl Iterator<Item = &'static str> {
                std::iter::empty()$(.chain(<$events>::KINDS.iter().copied()))+
            }

            /// The name as stored and sent.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$noun(event) => event.kind()),+ }
            }

            /// The data stored beside the kind.
            pub fn data(&self) -> Value {
                let whole = match self { $(Self::$noun(event) => serde_json::to_value(event)),+ };
                let mut whole = whole.expect("events consist of plain values");
                whole.get_mut("data").map(Value::take).unwrap_or_default()
            }

            /// Reads an event from its kind and its data.
            pub fn read(kind: &str, data: Value) -> Result<Self, UnknownEvent> {
                let of = |source| UnknownEvent { kind: kind.to_owned(), source };
                let whole = serde_json::json!({ "kind": kind, "data": data });
                $(if <$events>::KINDS.contains(&kind) {
                    let event: $events = serde_json::from_value(whole).map_err(|error| of(Some(error)))?;
                    return Ok(event.into());
                })+
                Err(of(None))
            }
        }
    };
}
