//! The cheapest way to pair two lists: the assignment problem, by the Hungarian method with potentials (Kuhn
//! 1955, Munkres 1957), in time that grows with the cube of the size.

use crate::{OpenRepository, Result};

/// For each row of a square matrix the column that it gets, so that the sum of the costs is the least.
pub(super) fn cheapest(git: &OpenRepository, costs: &[Vec<i64>]) -> Result<Vec<usize>> {
    let size = costs.len();
    // Row and column 0 stand for "none yet".
    let (mut of_row, mut of_column) = (vec![0_i64; size + 1], vec![0_i64; size + 1]);
    let mut row_of = vec![0_usize; size + 1];
    let mut came_from = vec![0_usize; size + 1];
    for row in 1..=size {
        git.budget.charge(size as u64 / ROWS_AN_ENTRY, 0)?;
        row_of[0] = row;
        let mut column = 0;
        let mut slack = vec![i64::MAX; size + 1];
        let mut is_used = vec![false; size + 1];
        while row_of[column] != 0 {
            is_used[column] = true;
            let at = row_of[column];
            let (mut least, mut next) = (i64::MAX, 0);
            for other in 1..=size {
                if is_used[other] {
                    continue;
                }
                let reduced = costs[at - 1][other - 1] - of_row[at] - of_column[other];
                if reduced < slack[other] {
                    (slack[other], came_from[other]) = (reduced, column);
                }
                if slack[other] < least {
                    (least, next) = (slack[other], other);
                }
            }
            for other in 0..=size {
                if is_used[other] {
                    of_row[row_of[other]] += least;
                    of_column[other] -= least;
                } else if slack[other] != i64::MAX {
                    slack[other] -= least;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[came_from[column]];
            column = came_from[column];
        }
    }
    let mut columns = vec![0; size];
    for (column, row) in row_of.iter().enumerate().skip(1) {
        columns[row - 1] = column - 1;
    }
    Ok(columns)
}

/// Rows that cost about as much as visiting one entry of a tree.
const ROWS_AN_ENTRY: u64 = 8;
