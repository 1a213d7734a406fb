//! The table at the end.

use super::load::Run;

/// Rows of what, how much, and what was to be reached.
#[derive(Default)]
pub struct Table {
    rows: Vec<[String; 3]>,
}

impl Table {
    /// Adds a row as it is.
    pub fn say(&mut self, what: &str, much: impl Into<String>, target: &str) {
        let much = much.into();
        eprintln!("{what}: {much}");
        self.rows.push([what.to_owned(), much, target.to_owned()]);
    }

    /// Adds the median ratio of processor times of paired runs.
    pub fn ratio(&mut self, what: &str, pairs: &[(Run, Run)], target: &str, most: f64) {
        let ratio = median(
            pairs
                .iter()
                .map(|(forum, floor)| forum.cpu_ms / floor.cpu_ms),
        );
        let forum = median(pairs.iter().map(|(forum, _)| forum.cpu_ms));
        let floor = median(pairs.iter().map(|(_, floor)| floor.cpu_ms));
        let verdict = if ratio <= most { "" } else { " (missed)" };
        let much = format!("{ratio:.2} × ({forum:.3} ms : {floor:.3} ms){verdict}");
        self.say(what, much, target);
    }

    /// Adds how far the slowest answers are from the usual ones, in the median round.
    pub fn tail(&mut self, what: &str, pairs: &[(Run, Run)], most: f64) {
        let ratio = median(pairs.iter().map(|(forum, _)| {
            forum.percentile(0.99).as_secs_f64() / forum.percentile(0.5).as_secs_f64()
        }));
        let verdict = if ratio <= most { "" } else { " (missed)" };
        self.say(
            what,
            format!("p99 = {ratio:.1} × p50{verdict}"),
            "p99 ≤ 5 × p50",
        );
    }

    /// Prints all rows in the form of the README.
    pub fn print(&self) {
        println!("\n| what | measured | target |\n|---|---|---|");
        for [what, much, target] in &self.rows {
            println!("| {what} | {much} | {target} |");
        }
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
