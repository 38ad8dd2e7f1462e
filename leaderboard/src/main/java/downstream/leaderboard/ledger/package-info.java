/** The ledger: a chained record of all runs that were ever ranked. */
@NullMarked
package downstream.leaderboard.ledger;

import org.jspecify.annotations.NullMarked;
