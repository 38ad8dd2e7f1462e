/** Which runs there are, and the chained record of those that were ever ranked. */
@NullMarked
package downstream.leaderboard.ledger;

import org.jspecify.annotations.NullMarked;
