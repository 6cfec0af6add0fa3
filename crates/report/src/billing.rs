//! What is known and what is missing before anyone may code a service.

use serde::Serialize;

use crate::services::{DATA_VERSION, Requirement, SERVICES, SOURCES, Service};
use crate::{CtRelation, Findings};

/// The coding sheet: candidates and conditions, never a choice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Billing {
    /// A human decides; this is always true.
    pub needs_human: bool,
    /// Who decides, and what is never done here.
    pub decision: &'static str,
    /// Day of the table of services.
    pub data_version: &'static str,
    /// Where the table comes from.
    pub sources: &'static str,
    /// Codes that the software proposes: none before a physician has signed.
    pub suggested: Vec<&'static str>,
    /// What forbids any claim at present.
    pub blocks: Vec<&'static str>,
    /// What whoever codes should weigh.
    pub warnings: Vec<&'static str>,
    /// Services that this analysis may be part of.
    pub candidates: Vec<Candidate>,
}

/// A service with the state of its conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Vocabulary of the code.
    pub scheme: &'static str,
    /// The code, an identifier.
    pub code: &'static str,
    /// What it stands for, in our words.
    pub paraphrase: &'static str,
    /// First day on which the code exists.
    pub effective: &'static str,
    /// What must be true, and whether it is.
    pub conditions: Vec<Condition>,
    /// What else to look at.
    pub notes: &'static [&'static str],
}

/// One condition and its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// Key of the requirement.
    pub key: &'static str,
    /// Whether it is met.
    pub status: State,
    /// What is required.
    pub meaning: &'static str,
}

/// Whether a condition is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is.
    Met,
    /// It is not.
    NotMet,
    /// Nobody has said.
    Unknown,
}

impl State {
    /// The state as people say it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::Unknown => "unknown",
        }
    }
}

impl Billing {
    /// The coding sheet of an analysis nobody has reviewed yet.
    pub fn of(findings: &Findings) -> Self {
        let services = SERVICES.iter().filter(|service| service.analysis == findings.analysis);
        Self {
            needs_human: true,
            decision: "a human decides; hilum never picks a code and never derives a diagnosis code",
            data_version: DATA_VERSION,
            sources: SOURCES,
            suggested: Vec::new(),
            blocks: vec![
                "research use only: not cleared software, nothing here is billable to a payer",
                "no physician interpretation is recorded",
            ],
            warnings: vec![
                "Category III codes have no national payment amount and many payers do not cover them",
                "the relation of the CT to this encounter must be stated by a human, not inferred from dates",
            ],
            candidates: services.map(|service| Candidate::of(service, findings)).collect(),
        }
    }
}

impl Candidate {
    fn of(service: &Service, findings: &Findings) -> Self {
        let condition = |requirement: &Requirement| Condition {
            key: requirement.key(),
            status: state(*requirement, findings),
            meaning: requirement.meaning(),
        };
        Self {
            scheme: "CPT",
            code: service.code,
            paraphrase: service.paraphrase,
            effective: service.effective,
            conditions: service.conditions.iter().map(condition).collect(),
            notes: service.notes,
        }
    }
}

fn state(requirement: Requirement, findings: &Findings) -> State {
    let measured = !findings.measurements.is_empty();
    match requirement {
        Requirement::SoftwareAnalysis if measured => State::Met,
        Requirement::Category if has_category(findings) => State::Met,
        Requirement::SoftwareAnalysis
        | Requirement::Interpretation
        | Requirement::ClearedDevice
        | Requirement::Category => State::NotMet,
        Requirement::CtEarlier => relation(findings, CtRelation::Earlier),
        Requirement::CtSameEncounter => relation(findings, CtRelation::SameEncounter),
        Requirement::Order if findings.study.order.is_some() => State::Met,
        Requirement::Order | Requirement::PrimaryCt => State::Unknown,
    }
}

/// Whether a category or subtypes were given.
fn has_category(findings: &Findings) -> bool {
    let given = findings.classification.as_ref();
    given.is_some_and(|given| given.status != "withheld")
}

fn relation(findings: &Findings, wanted: CtRelation) -> State {
    match findings.ct_relation {
        None => State::Unknown,
        Some(found) if found == wanted => State::Met,
        Some(_) => State::NotMet,
    }
}
