//! Counting ranked votes by instant runoff: whoever is first on fewest ballots goes, and these ballots count for the next
//! one on them, until somebody is first on more than half of what still counts.

use serde::{Deserialize, Serialize};

/// One round of counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// On how many ballots each option is first; `None` where it has gone.
    pub counts: Vec<Option<i64>>,
    /// The option that goes after this round.
    pub out: Option<usize>,
    /// Ballots on which nobody is left.
    pub spent: i64,
}

/// Counts ballots (options from the most wanted on, and how many members gave this ballot) and answers the rounds and
/// the winner. Equals are parted by the rounds before, the last round first; those that were equal in all of them by
/// the order in which they stand: the later one goes. Everybody can check it by hand.
#[must_use]
pub fn count(options: usize, ballots: &[(Vec<usize>, i64)]) -> (Vec<Round>, Option<usize>) {
    let mut left = vec![true; options];
    let mut rounds: Vec<Round> = Vec::new();
    for _ in 0..options {
        let mut counts = vec![0_i64; options];
        let mut spent = 0;
        for (ballot, times) in ballots {
            let first = ballot
                .iter()
                .find(|one| left.get(**one).copied().unwrap_or(false));
            match first.and_then(|one| counts.get_mut(*one)) {
                Some(count) => *count += times,
                None => spent += times,
            }
        }
        let all: i64 = counts.iter().sum();
        let shown: Vec<Option<i64>> = counts
            .iter()
            .zip(&left)
            .map(|(count, stays)| stays.then_some(*count))
            .collect();
        let best = shown.iter().flatten().max().copied().unwrap_or(0);
        let staying = shown.iter().flatten().count();
        if all == 0 || best * 2 > all || staying <= 1 {
            let winner = shown.iter().position(|count| *count == Some(best));
            rounds.push(Round {
                counts: shown,
                out: None,
                spent,
            });
            return (rounds, winner.filter(|_| all > 0));
        }
        let out = loser(&shown, &rounds);
        if let Some(gone) = out.and_then(|out| left.get_mut(out)) {
            *gone = false;
        }
        rounds.push(Round {
            counts: shown,
            out,
            spent,
        });
    }
    (rounds, None)
}

fn loser(shown: &[Option<i64>], before: &[Round]) -> Option<usize> {
    let history = |one: usize| -> Vec<i64> {
        before
            .iter()
            .rev()
            .map(|round| round.counts.get(one).copied().flatten().unwrap_or(0))
            .collect()
    };
    (0..shown.len())
        .filter(|one| shown.get(*one).is_some_and(Option::is_some))
        .min_by_key(|one| {
            let now = shown.get(*one).copied().flatten().unwrap_or(0);
            (now, history(*one), std::cmp::Reverse(*one))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_votes_of_whoever_goes_count_for_the_next() {
        let ballots = [(vec![0, 1], 4), (vec![1, 2], 3), (vec![2, 1], 2)];
        let (rounds, winner) = count(3, &ballots);
        assert_eq!(winner, Some(1));
        assert_eq!(rounds.len(), 2);
        assert_eq!(rounds.first().and_then(|r| r.out), Some(2));
        assert_eq!(
            rounds.last().map(|r| r.counts.clone()),
            Some(vec![Some(4), Some(5), None])
        );
    }

    #[test]
    fn nobody_votes_and_nobody_wins() {
        assert_eq!(count(3, &[]).1, None);
        assert_eq!(count(2, &[(vec![], 5)]).1, None);
    }

    #[test]
    fn ballots_with_nobody_left_are_spent() {
        let ballots = [(vec![0], 3), (vec![1], 3), (vec![2], 1)];
        let (rounds, winner) = count(3, &ballots);
        assert_eq!(
            winner,
            Some(0),
            "equals all along: the one that stands first stays"
        );
        assert_eq!(rounds.get(1).map(|r| r.spent), Some(1));
    }

    proptest! {
        #[test]
        fn every_ballot_is_counted_in_every_round(
            ballots in prop::collection::vec((prop::collection::vec(0..6_usize, 0..6), 1..50_i64), 0..40)
        ) {
            let (rounds, winner) = count(6, &ballots);
            let all: i64 = ballots.iter().map(|b| b.1).sum();
            prop_assert!(rounds.len() <= 6);
            for round in &rounds {
                prop_assert_eq!(round.counts.iter().flatten().sum::<i64>() + round.spent, all);
            }
            if let Some(winner) = winner {
                let last = rounds.last().unwrap();
                let best = last.counts.iter().flatten().max().copied().unwrap();
                prop_assert_eq!(last.counts[winner], Some(best));
            }
        }
    }
}
