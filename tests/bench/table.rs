//! Rows of figures and their bars, printed as one table.

use std::borrow::Cow;
use std::fmt;

use crate::Measured;

#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
    failures: Vec<String>,
}

impl Table {
    /// Takes the rows of one measurement, or notes why there are none.
    pub fn take(&mut self, what: &str, measure: impl FnOnce() -> Measured<Vec<Row>>) {
        println!("measuring {what} …");
        match measure() {
            Ok(rows) => self.rows.extend(rows),
            Err(error) => self.failures.push(format!("not measured: {what}: {error}")),
        }
    }

    pub fn is_complete(&self) -> bool {
        self.failures.is_empty()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |cells: [&str; 6]| {
            let [name, median, least, most, bar, verdict] = cells;
            format!("{name:<34} {median:>10} {least:>10} {most:>10} {bar:>10}  {verdict}")
        };
        let head = line(["figure", "median", "min", "max", "bar", ""]);
        writeln!(out, "\n{}\n{}", head.trim_end(), "─".repeat(96))?;
        for row in &self.rows {
            let bar = row
                .bar
                .map_or_else(String::new, |bar| format!("≤ {}", row.shown(bar)));
            let (least, most) = row.spread();
            let cells = [
                row.name.as_ref(),
                &row.shown(row.median()),
                &least,
                &most,
                &bar,
                row.verdict(),
            ];
            writeln!(out, "{}", line(cells).trim_end())?;
        }
        for failure in &self.failures {
            writeln!(out, "{failure}")?;
        }
        Ok(())
    }
}

pub struct Row {
    name: Cow<'static, str>,
    unit: &'static str,
    bar: Option<f64>,
    /// Sorted.
    values: Vec<f64>,
}

impl Row {
    pub fn plain(name: impl Into<Cow<'static, str>>, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            unit,
            bar: None,
            values: Vec::new(),
        }
    }

    pub fn at_most(name: impl Into<Cow<'static, str>>, bar: f64, unit: &'static str) -> Self {
        Self {
            bar: Some(bar),
            ..Self::plain(name, unit)
        }
    }

    pub fn measured(mut self, values: &[f64]) -> Self {
        self.values = values.to_vec();
        self.values.sort_by(f64::total_cmp);
        self
    }

    fn median(&self) -> f64 {
        let upper = self.values.len() / 2;
        let lower = self.values.len().saturating_sub(1) / 2;
        let at = |index: usize| self.values.get(index).copied().unwrap_or(f64::NAN);
        f64::midpoint(at(lower), at(upper))
    }

    fn spread(&self) -> (String, String) {
        match self.values.as_slice() {
            [least, .., most] => (self.shown(*least), self.shown(*most)),
            _ => (String::new(), String::new()),
        }
    }

    fn verdict(&self) -> &'static str {
        match self.bar {
            None => "",
            Some(bar) if self.median() <= bar => "holds",
            Some(_) => "over the bar",
        }
    }

    fn shown(&self, value: f64) -> String {
        match self.unit {
            "MB" if value < 100.0 => format!("{value:.1} MB"),
            "MB" => format!("{value:.0} MB"),
            unit => format!("{value:.2} {unit}"),
        }
    }
}
