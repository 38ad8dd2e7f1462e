/** Commands: leaderboard, compare, gate, reproduce. */
@NullMarked
package downstream.leaderboard.cli;

import org.jspecify.annotations.NullMarked;
