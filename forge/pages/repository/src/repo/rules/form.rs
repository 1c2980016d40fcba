//! The form of a rule: who may do what, and what a merge needs, as plain text in fields.

use hearth_app::{
    Access, App,
    branch_rule::{self, BranchRule, Names, NewRule},
};
use hearth_core::{Administer, BranchRuleSettings, Error, FieldErrors, RuleKind, WhoMay};

use super::retraining;
use crate::Page;

/// What was typed: pairs of field and value, because each question has a choice and two lists.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleForm(Vec<(String, String)>);

/// A question about who may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Push,
    ForcePush,
    Create,
    Delete,
    Merge,
    Approvals,
    Bypass,
}

/// A question with its answer, to be drawn.
pub(crate) struct WhoField {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) people: String,
    pub(crate) teams: String,
}

impl Question {
    /// Those that a rule for branches answers, in the order of the form.
    const OF_BRANCHES: [Self; 7] =
        [Self::Push, Self::Merge, Self::ForcePush, Self::Create, Self::Delete, Self::Approvals, Self::Bypass];
    /// Tags are created, moved and deleted.
    const OF_TAGS: [Self; 4] = [Self::Create, Self::ForcePush, Self::Delete, Self::Bypass];

    fn of(kind: RuleKind) -> &'static [Self] {
        match kind {
            RuleKind::Branch => &Self::OF_BRANCHES,
            RuleKind::Tag => &Self::OF_TAGS,
        }
    }

    const fn field(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::ForcePush => "force_push",
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Merge => "merge",
            Self::Approvals => "only_listed_approvals",
            Self::Bypass => "bypass",
        }
    }

    fn answer(self, settings: &mut BranchRuleSettings) -> &mut WhoMay {
        match self {
            Self::Push => &mut settings.push,
            Self::ForcePush => &mut settings.force_push,
            Self::Create => &mut settings.create,
            Self::Delete => &mut settings.delete,
            Self::Merge => &mut settings.merge,
            Self::Approvals => &mut settings.only_listed_approvals,
            Self::Bypass => &mut settings.bypass,
        }
    }

    fn label(self, page: &Page, kind: RuleKind) -> &'static str {
        match (self, kind) {
            (Self::Push, _) => t!(page, "repo-rules-who-push"),
            (Self::ForcePush, RuleKind::Branch) => t!(page, "repo-rules-who-force"),
            (Self::ForcePush, RuleKind::Tag) => t!(page, "repo-rules-who-move"),
            (Self::Create, _) => t!(page, "repo-rules-who-create"),
            (Self::Delete, _) => t!(page, "repo-rules-who-delete"),
            (Self::Merge, _) => t!(page, "repo-rules-who-merge"),
            (Self::Approvals, _) => t!(page, "repo-rules-who-approves"),
            (Self::Bypass, _) => t!(page, "repo-rules-who-bypasses"),
        }
    }
}

impl RuleForm {
    pub(super) const fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    pub(super) fn is_on(&self, name: &str) -> bool {
        self.text(name) == "true"
    }

    pub(super) fn kind(&self) -> RuleKind {
        self.text("kind").parse().unwrap_or(RuleKind::Branch)
    }

    /// The form of a rule as it is.
    pub(super) async fn of_rule(
        app: &App,
        access: &Access<Administer>,
        rule: &BranchRule,
    ) -> Result<Self, Error> {
        Self::of(app, access, (rule.kind, &rule.pattern), rule.settings.0.clone()).await
    }

    /// The form of a new rule, with the usual answers.
    pub(super) async fn blank(app: &App, access: &Access<Administer>, kind: RuleKind) -> Result<Self, Error> {
        Self::of(app, access, (kind, ""), BranchRuleSettings::default()).await
    }

    async fn of(
        app: &App,
        access: &Access<Administer>,
        (kind, pattern): (RuleKind, &str),
        mut settings: BranchRuleSettings,
    ) -> Result<Self, Error> {
        let mut pairs = vec![
            ("kind".to_owned(), kind.to_string()),
            ("pattern".to_owned(), pattern.to_owned()),
            ("approvals".to_owned(), settings.approvals.to_string()),
            ("checks".to_owned(), settings.checks.join("\n")),
        ];
        pairs.extend(retraining::pairs(settings.retraining.as_ref()));
        for question in Question::of(kind) {
            let (field, who) = (question.field(), question.answer(&mut settings).clone());
            let names = branch_rule::names(app, access, &who).await?;
            pairs.push((field.to_owned(), choice(&who).to_owned()));
            pairs.push((format!("{field}_people"), names.people.join(", ")));
            pairs.push((format!("{field}_teams"), names.teams.join(", ")));
        }
        for (field, is_on) in [
            ("needs_code_owners", settings.needs_code_owners),
            ("lapses_on_change", settings.lapses_on_change),
            ("blocks_on_changes_requested", settings.blocks_on_changes_requested),
            ("needs_up_to_date", settings.needs_up_to_date),
            ("needs_resolved_threads", settings.needs_resolved_threads),
            ("linear_history", settings.linear_history),
            ("signed_commits", settings.signed_commits),
        ] {
            pairs.push((field.to_owned(), is_on.to_string()));
        }
        Ok(Self(pairs))
    }

    /// The questions with their answers.
    pub(super) fn who_fields(&self, page: &Page) -> Vec<WhoField> {
        let kind = self.kind();
        let field = |question: &Question| {
            let name = question.field();
            WhoField {
                name,
                label: question.label(page, kind),
                value: self.text(name).to_owned(),
                people: self.text(&format!("{name}_people")).to_owned(),
                teams: self.text(&format!("{name}_teams")).to_owned(),
            }
        };
        Question::of(kind).iter().map(field).collect()
    }

    /// What was typed, with all mistakes at once. `known` is the rule that is changed.
    pub(super) async fn read(
        &self,
        app: &App,
        access: &Access<Administer>,
        known: Option<&BranchRule>,
    ) -> Result<NewRule, Error> {
        let mut mistakes = FieldErrors::default();
        let mut settings = BranchRuleSettings::default();
        for question in Question::of(self.kind()) {
            if let Some(who) = mistakes.absorb(self.who(app, access, *question).await)? {
                *question.answer(&mut settings) = who;
            }
        }
        match self.text("approvals").trim() {
            "" => settings.approvals = 0,
            text => {
                let count = mistakes.take("approvals", text.parse(), |_| "not-a-number");
                settings.approvals = count.unwrap_or_default();
            }
        }
        if self.kind() == RuleKind::Branch {
            settings.retraining = retraining::read(self, app, access, known, &mut mistakes).await?;
        }
        mistakes.into_result()?;
        let checks = self.text("checks").lines().map(str::trim).filter(|check| !check.is_empty());
        let settings = BranchRuleSettings {
            checks: checks.map(str::to_owned).collect(),
            needs_code_owners: self.is_on("needs_code_owners"),
            lapses_on_change: self.is_on("lapses_on_change"),
            blocks_on_changes_requested: self.is_on("blocks_on_changes_requested"),
            needs_up_to_date: self.is_on("needs_up_to_date"),
            needs_resolved_threads: self.is_on("needs_resolved_threads"),
            linear_history: self.is_on("linear_history"),
            signed_commits: self.is_on("signed_commits"),
            ..settings
        };
        Ok(NewRule { kind: self.kind(), pattern: self.text("pattern").to_owned(), settings })
    }

    async fn who(&self, app: &App, access: &Access<Administer>, question: Question) -> Result<WhoMay, Error> {
        let field = question.field();
        Ok(match self.text(field) {
            "nobody" => WhoMay::Nobody,
            "writers" => WhoMay::Writers,
            "administrators" => WhoMay::Administrators,
            "listed" => {
                let names = Names {
                    people: names(self.text(&format!("{field}_people"))),
                    teams: names(self.text(&format!("{field}_teams"))),
                };
                branch_rule::who_may(app, access, field, &names).await?
            }
            _ => return Err(Error::field(field, "unknown-choice")),
        })
    }
}

/// As the form calls it.
pub(super) const fn choice(who: &WhoMay) -> &'static str {
    match who {
        WhoMay::Nobody => "nobody",
        WhoMay::Writers => "writers",
        WhoMay::Listed { .. } => "listed",
        WhoMay::Administrators => "administrators",
    }
}

/// Names with commas or line breaks between them: names of teams may contain blanks.
fn names(text: &str) -> Vec<String> {
    let names = text.split([',', '，', '\n']).map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_are_read_with_any_comma() {
        assert_eq!(names("mei, bo，Core team\n\nlin"), ["mei", "bo", "Core team", "lin"]);
        assert!(names(" , ").is_empty());
    }
}
