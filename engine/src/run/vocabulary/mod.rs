//! The words of the formula language. All there is to say about a word stands in the file of its name: what it gives, in
//! whichever way a formula is evaluated, its help, its explanation, its wording, where its value jumps, and its forms. A
//! word is added by such a file and a line of the list below; one that leaves something unsaid does not compile.

use std::ops::Deref;

use rust_decimal::Decimal;

use super::node::{Node, Shape};
use super::shapes::{Form, Speaker};
use super::tell::Teller;
use crate::Value;
use crate::exact::{Exact, Number, Outcome};

/// What a word takes, and what it makes of that.
pub enum Calculation<N> {
    One(fn(&N) -> Outcome<N>),
    Two(fn(&N, &N) -> Outcome<N>),
    Three(fn(&N, &N, &N) -> Outcome<N>),
    /// A number and a table, `[[4, 1], [2, 0.5]]`: what the first edge gives that the number reaches, 0 below all.
    Table,
}

/// A word in the editor: completion, hover and the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Help {
    pub name: &'static str,
    pub signature: &'static str,
    /// Vietnamese.
    pub help: &'static str,
}

/// An argument that must not be zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Divisor {
    pub at: usize,
    /// A whole, which a reader recognises as the denominator; anything else has to be named.
    pub is_whole: bool,
}

/// Where the points of a word's figures may jump.
pub enum Threshold<'a> {
    /// A value that comes up to a goal.
    Goal(&'a Node, &'a Node),
    /// A part of a whole that comes up to a goal.
    Share(&'a Node, &'a Node, &'a Node),
    Table(&'a Node, &'a [(Decimal, Decimal)]),
}

/// What every word says. Its arguments are as many as it takes.
pub trait Meaning {
    fn help(&self) -> Help;

    fn calculation<N: Number>() -> Calculation<N>
    where
        Self: Sized;

    fn divisors(&self) -> &'static [Divisor];

    fn threshold<'a>(&self, arguments: &'a [Node]) -> Option<Threshold<'a>>;

    /// The part of the maximum that it makes of `max` alone, where it is used for that.
    fn part_of_max(&self) -> Option<Decimal>;

    /// Tells how its value came about; the part of `call` is told by the caller.
    fn explain(&self, teller: &mut Teller<'_>, call: &Node, arguments: &[Node]) -> Option<()>;

    /// Inside a sentence: "Số đạt chia Tổng số, không quá 100%". `None` for what only a sentence of its own can tell.
    fn phrase(&self, speaker: &Speaker<'_>, arguments: &[Node]) -> Option<String>;

    /// As a sentence of its own, where the maximum is multiplied by it.
    fn sentence(&self, speaker: &Speaker<'_>, call: &Node, arguments: &[Node]) -> Option<String>;

    /// The forms that write it, multiplied by the maximum.
    fn forms(&self) -> &'static [Form];
}

macro_rules! words {
    ($($file:ident: $word:ident),* $(,)?) => {
        $(pub(super) mod $file;)*

        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Word {
            $($word),*
        }

        impl Word {
            /// In the order a newcomer should meet them.
            pub const ALL: &[Word] = &[$(Word::$word),*];

            pub fn calculation<N: Number>(self) -> Calculation<N> {
                match self {
                    $(Word::$word => $file::$word::calculation()),*
                }
            }
        }

        impl Deref for Word {
            type Target = dyn Meaning;

            fn deref(&self) -> &(dyn Meaning + 'static) {
                match self {
                    $(Word::$word => &$file::$word),*
                }
            }
        }
    };
}

words! {
    ratio: Ratio,
    target: Target,
    share: Share,
    survey: Survey,
    steps: Steps,
    half: Half,
    min: Min,
    max: Max,
    abs: Abs,
    floor: Floor,
    ceiling: Ceiling,
}

/// All words with their help.
pub fn vocabulary() -> impl Iterator<Item = Help> {
    Word::ALL.iter().map(|word| word.help())
}

impl Word {
    pub fn name(self) -> &'static str {
        self.help().name
    }

    pub fn named(name: &str) -> Option<Word> {
        Word::ALL.iter().copied().find(|word| word.name() == name)
    }

    /// How many arguments it takes.
    pub fn arity(self) -> usize {
        match self.calculation::<Exact>() {
            Calculation::One(_) => 1,
            Calculation::Two(_) | Calculation::Table => 2,
            Calculation::Three(_) => 3,
        }
    }

    /// What it gives for these arguments and what `known` answers.
    pub fn value(self, arguments: &[Node], known: &dyn Fn(&str) -> Option<Value>) -> Option<Exact> {
        let number = |node: &Node| node.number(known);
        match (self.calculation::<Exact>(), arguments) {
            (Calculation::One(of), [a]) => of(&number(a)?).ok(),
            (Calculation::Two(of), [a, b]) => of(&number(a)?, &number(b)?).ok(),
            (Calculation::Three(of), [a, b, c]) => of(&number(a)?, &number(b)?, &number(c)?).ok(),
            (Calculation::Table, [value, Node { shape: Shape::Table(edges), .. }]) => {
                let value = number(value)?;
                let reached = edges.iter().find(|(from, _)| value >= *from);
                Some(reached.map(|(_, gives)| *gives).unwrap_or_default().into())
            }
            _ => None,
        }
    }
}
